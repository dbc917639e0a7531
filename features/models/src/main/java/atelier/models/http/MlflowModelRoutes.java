package atelier.models.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.number;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.datasets.Location;
import atelier.experiments.ArtifactPaths;
import atelier.kernel.Page;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.models.RegisteredModel;
import atelier.models.Registry;
import atelier.models.Version;
import atelier.models.Versions;
import atelier.web.Response;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/// `registered-models/*` and `model-versions/*` of MLflow's REST API.
public final class MlflowModelRoutes {
    private static final int MAX_MODELS = 1000;
    private static final int MAX_VERSIONS = 200_000;
    private final Registry registry;
    private final Versions versions;

    public MlflowModelRoutes(Registry registry, Versions versions) {
        this.registry = registry;
        this.versions = versions;
    }

    public void mount(MlflowRoutes routes) {
        String model = "registered-models/";
        String version = "model-versions/";
        routes.call("POST", model + "create", this::createModel)
                .call("POST", model + "rename", this::renameModel)
                .call("PATCH", model + "update", this::updateModel)
                .call("DELETE", model + "delete", this::deleteModel)
                .call("GET", model + "get", this::getModel)
                .call("GET", model + "search", this::searchModels)
                .call("POST", model + "get-latest-versions", this::latest)
                .call("GET", model + "get-latest-versions", this::latest)
                .call("POST", model + "set-tag", this::setModelTag)
                .call("DELETE", model + "delete-tag", this::deleteModelTag)
                .call("POST", model + "alias", this::setAlias)
                .call("GET", model + "alias", this::byAlias)
                .call("DELETE", model + "alias", this::deleteAlias)
                .call("POST", version + "create", this::createVersion)
                .call("GET", version + "get", this::getVersion)
                .call("PATCH", version + "update", this::updateVersion)
                .call("POST", version + "transition-stage", this::transition)
                .call("DELETE", version + "delete", this::deleteVersion)
                .call("GET", version + "search", this::searchVersions)
                .call("GET", version + "get-download-uri", this::downloadUri)
                .call("POST", version + "set-tag", this::setVersionTag)
                .call("DELETE", version + "delete-tag", this::deleteVersionTag);
    }

    private Response createModel(MlflowRequest request) {
        return model(
                request.workspace(),
                registry.create(
                        request.workspace(),
                        request.required("name"),
                        request.text("description"),
                        tags(request),
                        request.caller()));
    }

    private Response renameModel(MlflowRequest request) {
        return model(
                request.workspace(),
                registry.rename(
                        request.workspace(), request.required("name"), request.required("new_name"), request.caller()));
    }

    private Response updateModel(MlflowRequest request) {
        return model(
                request.workspace(),
                registry.describe(request.workspace(), request.required("name"), request.text("description")));
    }

    private Response deleteModel(MlflowRequest request) {
        registry.delete(request.workspace(), request.required("name"), request.caller());
        return nothing();
    }

    private Response getModel(MlflowRequest request) {
        return model(request.workspace(), registry.get(request.workspace(), request.required("name")));
    }

    private Response searchModels(MlflowRequest request) {
        Page<RegisteredModel> page = registry.search(
                request.workspace(),
                request.text("filter"),
                request.texts("order_by"),
                request.maxResults(100, MAX_MODELS),
                request.text("page_token"));
        return stream(json -> {
            list(json, "registered_models", page.items(), (j, m) -> write(j, request.workspace(), m));
            text(json, "next_page_token", page.next());
        });
    }

    private Response latest(MlflowRequest request) {
        RegisteredModel model = registry.get(request.workspace(), request.required("name"));
        List<Version> found = versions.latest(request.workspace(), model.name(), request.texts("stages"));
        return answer(json -> list(json, "model_versions", found, (j, v) -> write(j, v, model)));
    }

    private Response setModelTag(MlflowRequest request) {
        registry.setTag(
                request.workspace(), request.required("name"), request.required("key"), request.text("value", ""));
        return nothing();
    }

    private Response deleteModelTag(MlflowRequest request) {
        registry.deleteTag(request.workspace(), request.required("name"), request.required("key"));
        return nothing();
    }

    private Response setAlias(MlflowRequest request) {
        registry.setAlias(
                request.workspace(),
                request.required("name"),
                request.required("alias"),
                request.requiredId("version"),
                request.caller());
        return nothing();
    }

    private Response byAlias(MlflowRequest request) {
        return version(
                request.workspace(),
                registry.byAlias(request.workspace(), request.required("name"), request.required("alias")));
    }

    private Response deleteAlias(MlflowRequest request) {
        registry.deleteAlias(
                request.workspace(), request.required("name"), request.required("alias"), request.caller());
        return nothing();
    }

    private Response createVersion(MlflowRequest request) {
        return version(
                request.workspace(),
                versions.create(
                        request.workspace(),
                        new Versions.NewVersion(
                                request.required("name"),
                                null,
                                request.required("source"),
                                null,
                                new Version.Lineage(
                                        request.text("run_id", ""),
                                        request.text("run_link", ""),
                                        request.text("model_id", "")),
                                request.text("description", ""),
                                "None",
                                tags(request),
                                Map.of()),
                        request.caller()));
    }

    private Response getVersion(MlflowRequest request) {
        return version(request.workspace(), asked(request));
    }

    private Version asked(MlflowRequest request) {
        return versions.get(request.workspace(), request.required("name"), request.requiredId("version"));
    }

    private Response updateVersion(MlflowRequest request) {
        return version(
                request.workspace(),
                versions.describe(
                        request.workspace(),
                        request.required("name"),
                        request.requiredId("version"),
                        request.text("description")));
    }

    private Response transition(MlflowRequest request) {
        return version(
                request.workspace(),
                versions.moveToStage(
                        request.workspace(),
                        request.required("name"),
                        request.requiredId("version"),
                        request.required("stage"),
                        request.bool("archive_existing_versions", false),
                        request.caller()));
    }

    private Response deleteVersion(MlflowRequest request) {
        versions.delete(request.workspace(), request.required("name"), request.requiredId("version"), request.caller());
        return nothing();
    }

    private Response searchVersions(MlflowRequest request) {
        Page<Version> page = versions.search(
                request.workspace(),
                request.text("filter"),
                request.texts("order_by"),
                request.maxResults(MAX_VERSIONS, MAX_VERSIONS),
                request.text("page_token"));
        Map<String, RegisteredModel> models = new TreeMap<>();
        page.items().forEach(v -> models.computeIfAbsent(v.name(), n -> registry.get(request.workspace(), n)));
        return stream(json -> {
            list(json, "model_versions", page.items(), (j, v) -> {
                RegisteredModel model = models.get(v.name());
                if (model != null) {
                    write(j, v, model);
                }
            });
            text(json, "next_page_token", page.next());
        });
    }

    /// Where MLflow's clients fetch the files: through the artifact proxy when they are here, else where they are.
    private Response downloadUri(MlflowRequest request) {
        Version version = versions.original(request.workspace(), asked(request));
        if (versions.isOfRun(request.workspace(), version) || version.source().startsWith("mlflow-artifacts:/")) {
            // As MLflow: a client looks in the run, then (MLflow 3) in the logged models that it made; and an address
            // of the artifact proxy stays what it is.
            return answer(json -> text(json, "artifact_uri", version.source()));
        }
        Location location = version.location();
        String proxied = location == null ? null : ArtifactPaths.uriOf(request.workspace(), location);
        return answer(json -> text(json, "artifact_uri", proxied == null ? version.source() : proxied));
    }

    private Response setVersionTag(MlflowRequest request) {
        versions.setTag(
                request.workspace(),
                request.required("name"),
                request.requiredId("version"),
                request.required("key"),
                request.text("value", ""));
        return nothing();
    }

    private Response deleteVersionTag(MlflowRequest request) {
        versions.deleteTag(
                request.workspace(), request.required("name"), request.requiredId("version"), request.required("key"));
        return nothing();
    }

    private static Map<String, String> tags(MlflowRequest request) {
        Map<String, String> tags = new TreeMap<>();
        for (MlflowRequest tag : request.items("tags")) {
            tags.put(tag.required("key"), tag.text("value", ""));
        }
        return tags;
    }

    private Response model(Workspace workspace, RegisteredModel model) {
        return answer(json -> object(json, "registered_model", j -> write(j, workspace, model)));
    }

    private Response version(Workspace workspace, Version version) {
        RegisteredModel model = registry.get(workspace, version.name());
        return answer(json -> object(json, "model_version", j -> write(j, version, model)));
    }

    private void write(JsonGenerator json, Workspace workspace, RegisteredModel model) {
        text(json, "name", model.name());
        number(json, "creation_timestamp", model.stamp().createdAt());
        number(json, "last_updated_timestamp", model.stamp().updatedAt());
        text(json, "user_id", model.stamp().createdBy());
        text(json, "description", model.description());
        list(
                json,
                "latest_versions",
                versions.latest(workspace, model.name(), List.of()),
                (j, v) -> write(j, v, model));
        list(json, "tags", new TreeMap<>(model.tags()).entrySet(), MlflowModelRoutes::tag);
        list(json, "aliases", new TreeMap<>(model.aliases()).entrySet(), (j, alias) -> {
            text(j, "alias", alias.getKey());
            text(j, "version", alias.getValue());
        });
    }

    private static void write(JsonGenerator json, Version version, RegisteredModel model) {
        text(json, "name", version.name());
        text(json, "version", version.version());
        number(json, "creation_timestamp", version.stamp().createdAt());
        number(json, "last_updated_timestamp", version.stamp().updatedAt());
        text(json, "user_id", version.stamp().createdBy());
        text(json, "current_stage", version.stage());
        text(json, "description", version.description());
        text(json, "source", version.source());
        text(json, "run_id", version.lineage().runId());
        text(json, "status", "READY");
        list(json, "tags", new TreeMap<>(version.tags()).entrySet(), MlflowModelRoutes::tag);
        text(json, "run_link", version.lineage().runLink());
        List<String> aliases = Versions.aliases(model, version.version());
        if (!aliases.isEmpty()) {
            json.writeArrayPropertyStart("aliases");
            aliases.forEach(json::writeString);
            json.writeEndArray();
        }
        if (!version.lineage().modelId().isEmpty()) {
            text(json, "model_id", version.lineage().modelId());
        }
    }

    private static void tag(JsonGenerator json, Map.Entry<String, String> tag) {
        text(json, "key", tag.getKey());
        text(json, "value", tag.getValue());
    }
}
