package atelier.pipelines.internal;

import atelier.assets.Asset;
import atelier.datasets.Location;
import atelier.jobs.Jobs.Job;
import atelier.jobs.OutputUris;
import atelier.kernel.Json;
import atelier.pipelines.Binding;
import atelier.pipelines.Component;
import atelier.pipelines.Node;
import atelier.pipelines.PipelineSteps;
import atelier.pipelines.internal.StepStore.StepRun;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides whether a step must run: not when an earlier job was made of the same parts and its outputs are
/// still what
/// they were. Says why, either way.
///
/// The parts: the code's content, the command, the environment's definition, environment variables, literal
/// inputs, the
/// bytes of data inputs wherever they lie, and where outputs are asked to go.
final class Reuse {
    /// Fields of a step's job that say nothing of its result, or are looked at in their own way.
    private static final Set<String> ELSEWHERE = Set.of(
            "jobType",
            "displayName",
            "experimentName",
            "componentId",
            "computeId",
            "properties",
            "tags",
            "inputs",
            "outputs",
            "environmentVariables",
            "codeId",
            "environmentId",
            "resources",
            "retry_settings",
            "identity",
            "services");

    private final PipelineTools tools;
    private final ContentIdentity contents;

    Reuse(PipelineTools tools) {
        this.tools = tools;
        this.contents = new ContentIdentity(tools.blobs());
    }

    /// @param from the job whose outputs are used; null when the step runs
    /// @param because a sentence
    record Decision(@Nullable Job from, String because, StepRun step) {}

    Decision decide(Workspace workspace, Node node, Component component, String name, ObjectNode job, boolean forced) {
        Map<String, String> parts = parts(workspace, node, component, job);
        StepRun step = new StepRun(
                workspace.id(),
                name,
                PipelineSteps.sha256(Json.write(parts)),
                node.name(),
                component.name(),
                parts,
                Json.object(),
                false);
        if (!component.deterministic()) {
            return new Decision(null, "Runs because its component is not deterministic.", step);
        }
        if (forced) {
            return new Decision(null, "Runs because the pipeline asks to run every step (force_rerun).", step);
        }
        List<StepRun> same = tools.steps().withKey(workspace.id(), step.key());
        for (StepRun earlier : same) {
            Optional<Job> from = tools.jobs().find(workspace, earlier.job());
            if (from.isPresent() && from.get().status().equals("Completed") && stillThere(workspace, earlier)) {
                return new Decision(
                        from.get(),
                        "Reused from " + earlier.job()
                                + ": code, command, environment, inputs and parameters are unchanged.",
                        step);
            }
        }
        return new Decision(null, why(workspace, step, same), step);
    }

    private boolean stillThere(Workspace workspace, StepRun earlier) {
        for (Map.Entry<String, JsonNode> output : earlier.outputs().properties()) {
            String uri = output.getValue().path("uri").asString("");
            String identity = output.getValue().path("identity").asString("");
            if (!contents.of(tools.uris().resolve(workspace, uri)).orElse("").equals(identity)) {
                return false;
            }
        }
        return true;
    }

    private String why(Workspace workspace, StepRun step, List<StepRun> same) {
        if (!same.isEmpty()) {
            return "Runs because the outputs of " + same.getFirst().job() + " are gone or were changed.";
        }
        Optional<StepRun> before = tools.steps().latest(workspace.id(), step.node(), step.component());
        if (before.isEmpty()) {
            return "Runs because there is no earlier run of this step.";
        }
        TreeSet<String> names = new TreeSet<>(step.parts().keySet());
        names.addAll(before.get().parts().keySet());
        List<String> changed = new ArrayList<>();
        for (String part : names) {
            if (!java.util.Objects.equals(
                    step.parts().get(part), before.get().parts().get(part))) {
                changed.add(part);
            }
        }
        return "Runs because of changes since " + before.get().job() + ": " + String.join(", ", changed) + ".";
    }

    private Map<String, String> parts(Workspace workspace, Node node, Component component, ObjectNode job) {
        Map<String, String> parts = new TreeMap<>();
        parts.put("code", code(workspace, Binding.first(job, "codeId")));
        String environment = Binding.first(job, "environmentId");
        parts.put("environment", environment == null ? "" : environment(workspace, environment));
        job.path("environmentVariables")
                .properties()
                .forEach(variable -> parts.put(
                        "environment variable " + variable.getKey(),
                        variable.getValue().asString("")));
        // How long a command may take does not change what it makes; how many trials a sweep makes does.
        boolean bounded = job.path("jobType").asString("").equals("Command");
        job.properties().forEach(field -> {
            String name = field.getKey();
            if (!ELSEWHERE.contains(name) && !(bounded && name.equals("limits"))) {
                JsonNode value = canonical(workspace, name, field.getValue());
                parts.put(name, value.isString() ? value.asString() : Json.write(value));
            }
        });
        job.path("inputs")
                .properties()
                .forEach(input -> parts.put("input " + input.getKey(), input(workspace, input.getValue())));
        component.outputs().forEach((name, port) -> {
            Node.NodeOutput bound = node.outputs().get(name);
            String own = name.equals(OutputUris.ARTIFACTS) ? "artifacts of the run" : "";
            String place = bound == null || bound.uri() == null ? own : bound.uri();
            parts.put("output " + name, port.type() + " " + place);
        });
        return parts;
    }

    private String environment(Workspace workspace, String reference) {
        return tools.environments().resolve(workspace, reference).hash();
    }

    /// Ids of code and environments stand for what they name: uploaded again, the same code has another id.
    private JsonNode canonical(Workspace workspace, String name, JsonNode value) {
        if (value instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            object.properties()
                    .forEach(field -> copy.set(field.getKey(), canonical(workspace, field.getKey(), field.getValue())));
            return copy;
        }
        boolean text = value.isString() && !value.asString().isEmpty();
        if (text && (name.equals("codeId") || name.equals("code"))) {
            return Json.MAPPER.getNodeFactory().stringNode(code(workspace, Component.bare(value.asString())));
        }
        if (text && (name.equals("environmentId") || name.equals("environment"))) {
            return Json.MAPPER.getNodeFactory().stringNode(environment(workspace, Component.bare(value.asString())));
        }
        return value;
    }

    private String code(Workspace workspace, @Nullable String code) {
        if (code == null) {
            return "";
        }
        if (code.contains("://")) {
            return contents.of(tools.uris().resolve(workspace, code)).orElse(code);
        }
        Asset asset = tools.assets().resolve(workspace, "codes", code);
        String hash = asset.properties().path("properties").path("hash_sha256").asString("");
        return hash.isEmpty()
                ? contents.of(tools.uris()
                                .resolve(
                                        workspace,
                                        asset.properties().path("codeUri").asString("")))
                        .orElse(code)
                : hash;
    }

    private String input(Workspace workspace, JsonNode input) {
        String type = input.path("jobInputType").asString("literal");
        if (type.equals("literal")) {
            return "= " + input.path("value").asString("");
        }
        String uri = input.path("uri").asString("");
        boolean direct = input.path("mode").asString("").equals("Direct");
        String identity = contents.of(locate(workspace, type, uri)).orElse("nothing at " + uri);
        return type + " " + identity + (direct ? " " + uri : "");
    }

    private Location locate(Workspace workspace, String type, String uri) {
        boolean registered = uri.startsWith("models:/") || uri.contains("/models/") && !uri.contains("/paths/");
        boolean named = type.endsWith("_model") && uri.matches("azureml:[^/]+");
        return registered || named
                ? tools.models().resolve(workspace, uri).location()
                : tools.uris().resolve(workspace, uri);
    }

    /// Remembers what a completed step left.
    void remember(Workspace workspace, Job child) {
        Optional<StepRun> step = tools.steps().find(workspace.id(), child.name());
        if (step.isEmpty() || step.get().completed()) {
            return;
        }
        ObjectNode outputs = Json.object();
        child.properties().path("outputs").properties().forEach(output -> {
            String uri = output.getValue().path("uri").asString("");
            if (!uri.isEmpty()) {
                outputs.putObject(output.getKey())
                        .put("uri", uri)
                        .put(
                                "identity",
                                contents.of(tools.uris().resolve(workspace, uri))
                                        .orElse(""));
            }
        });
        tools.steps().completed(workspace.id(), child.name(), outputs);
    }
}
