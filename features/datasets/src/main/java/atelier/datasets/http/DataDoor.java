package atelier.datasets.http;

import atelier.assets.Asset;
import atelier.assets.AssetDoor;
import atelier.datasets.internal.AddressResolver;
import atelier.kernel.Names;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.workspace.Workspace;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What data assets add to the common door: `dataType` is one of three, `dataUri` is an address that resolves and is
/// kept in its long form. Files need not exist yet: Azure ML lets a folder be named before a job fills it.
public final class DataDoor implements AssetDoor {
    private static final Set<String> TYPES = Set.of("uri_file", "uri_folder", "mltable");
    private final AddressResolver uris;

    public DataDoor(AddressResolver uris) {
        this.uris = uris;
    }

    @Override
    public String kind() {
        return "data";
    }

    @Override
    public ObjectNode accept(
            Workspace workspace, String name, String version, ObjectNode properties, Exchange exchange) {
        Names.asset(name);
        Names.version(version);
        ObjectNode kept = properties.deepCopy();
        String type = kept.path("dataType").asString("uri_folder");
        if (!TYPES.contains(type)) {
            throw new Problem.Invalid(
                    "'" + type + "' is not a type of data; it is uri_file, uri_folder or mltable.",
                    "properties.dataType");
        }
        String uri = kept.path("dataUri").asString("");
        if (uri.isEmpty()) {
            throw new Problem.Invalid(
                    "A data asset needs 'dataUri', the address of its file or folder.", "properties.dataUri");
        }
        uris.check(workspace, uri);
        return kept.put("dataType", type).put("dataUri", uris.longForm(workspace, uri));
    }

    @Override
    public void completeContainer(Workspace workspace, Asset latest, ObjectNode properties) {
        properties.put("dataType", latest.properties().path("dataType").asString("uri_folder"));
    }
}
