package atelier.pipelines.http;

import atelier.assets.Asset;
import atelier.assets.AssetDoor;
import atelier.kernel.Problem;
import atelier.pipelines.Component;
import atelier.web.Exchange;
import atelier.workspace.Workspace;
import tools.jackson.databind.node.ObjectNode;

/// Components, checked as far as they can be without running them.
public final class ComponentDoor implements AssetDoor {
    @Override
    public String kind() {
        return "components";
    }

    @Override
    public ObjectNode accept(
            Workspace workspace, String name, String version, ObjectNode properties, Exchange exchange) {
        Component component = Component.of(name, version, properties.path("componentSpec"));
        if (component.type().equals("command")
                && component.spec().path("command").asString("").isBlank()) {
            throw new Problem.Invalid(
                    "InvalidComponent", "The command component '" + name + "' has no 'command'.", "componentSpec");
        }
        return properties;
    }

    /// The SDK reads name and version of a component from its specification.
    @Override
    public void complete(Workspace workspace, Asset asset, ObjectNode properties, Exchange exchange) {
        if (properties.path("componentSpec") instanceof ObjectNode spec) {
            spec.put("name", asset.name()).put("version", asset.version());
        }
    }
}
