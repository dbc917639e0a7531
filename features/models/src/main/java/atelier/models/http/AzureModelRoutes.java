package atelier.models.http;

import atelier.assets.AssetQuery;
import atelier.assets.AssetReference;
import atelier.assets.ListParameters;
import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.kernel.Json;
import atelier.kernel.Names;
import atelier.kernel.Nearest;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.models.Models;
import atelier.models.RegisteredModel;
import atelier.models.Registry;
import atelier.models.Version;
import atelier.models.Versions;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/models`, `…/{name}`, `…/{name}/versions/{version}` (specification machinelearningservices/…/mfe.json).
public final class AzureModelRoutes {
    private static final String OF_JOB = "azureml://jobs/";
    private static final List<String> TYPES = List.of("mlflow_model", "custom_model", "triton_model");
    private final Registry registry;
    private final Versions versions;
    private final Workspaces workspaces;
    private final Models models;
    private final DataUris dataUris;

    public AzureModelRoutes(
            Registry registry, Versions versions, Models models, Workspaces workspaces, DataUris dataUris) {
        this.models = models;
        this.registry = registry;
        this.versions = versions;
        this.workspaces = workspaces;
        this.dataUris = dataUris;
    }

    public Routes routes() {
        String all = Arm.WORKSPACE + "/models";
        String container = all + "/{name}";
        String version = container + "/versions/{version}";
        return new Routes(ArmProblems.INSTANCE)
                .get(all, this::list)
                .get(container, this::get)
                .put(container, this::put)
                .delete(container, this::delete)
                .get(container + "/versions", this::listVersions)
                .get(version, this::getVersion)
                .put(version, this::putVersion)
                .delete(version, this::deleteVersion)
                .post("/modelregistry/v1.0" + all + "/batchGetResolvedUris", this::resolvedUris);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        AssetQuery query = ListParameters.of(exchange);
        Page<RegisteredModel> page = registry.page(workspace, query.view(), query.marker(), query.max());
        Map<String, Version> newest = versions.newest(
                workspace, page.items().stream().map(RegisteredModel::name).toList());
        List<ObjectNode> items = page.items().stream()
                .map(model -> container(workspace, model, newest.get(model.name())))
                .toList();
        return Response.ok(Arm.list(items, Arm.next(exchange, page.next())));
    }

    private Response get(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(container(workspace, existing(workspace, exchange.path("name"))));
    }

    private ObjectNode container(Workspace workspace, RegisteredModel model) {
        String name = model.name();
        return container(
                workspace, model, versions.newest(workspace, List.of(name)).get(name));
    }

    private RegisteredModel existing(Workspace workspace, String name) {
        return registry.find(workspace, name)
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound",
                        "There is no model '" + name + "'" + AssetReference.notThere(workspace, "models")
                                + Nearest.hint(name, registry.names(workspace))));
    }

    /// Description and tags of the name; `isArchived` goes to all its versions.
    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = Names.asset(exchange.path("name"));
        JsonNode properties = exchange.jsonObject().path("properties");
        Optional<RegisteredModel> old = registry.find(workspace, name);
        if (old.isEmpty()) {
            registry.create(
                    workspace, name, text(properties, "description"), map(properties, "tags"), exchange.caller());
        } else {
            if (properties.has("description")) {
                registry.describe(workspace, name, text(properties, "description"));
            }
            map(properties, "tags").forEach((key, value) -> registry.setTag(workspace, name, key, value));
        }
        if (properties.path("isArchived").isBoolean()) {
            versions.archive(workspace, name, properties.path("isArchived").booleanValue());
        }
        return Response.json(old.isEmpty() ? 201 : 200, container(workspace, existing(workspace, name)));
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        if (registry.find(workspace, name).isEmpty()) {
            return Response.status(204);
        }
        registry.delete(workspace, name, exchange.caller());
        return Response.status(200);
    }

    private Response listVersions(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        Page<Version> page = versions.page(workspace, name, ListParameters.of(exchange));
        return Response.ok(Arm.list(
                page.items().stream().map(v -> resource(workspace, v)).toList(), Arm.next(exchange, page.next())));
    }

    private Response getVersion(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(resource(workspace, existingVersion(workspace, exchange)));
    }

    private Version existingVersion(Workspace workspace, Exchange exchange) {
        String name = exchange.path("name");
        String version = exchange.path("version");
        return found(workspace, name, version)
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound",
                        "There is no version '" + version + "' of model '" + name + "'"
                                + AssetReference.notThere(workspace, "models")));
    }

    private Optional<Version> found(Workspace workspace, String name, String version) {
        return versions.find(workspace, name, version).filter(v -> v.version().equals(version));
    }

    private Response putVersion(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = Names.asset(exchange.path("name"));
        String number = Names.version(exchange.path("version"));
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode given)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        Optional<Version> old = found(workspace, name, number);
        if (old.isPresent()) {
            checkSame(workspace, old.get(), given);
            return Response.ok(
                    resource(workspace, versions.change(workspace, changed(old.get(), given), exchange.caller())));
        }
        String uri = text(given, "modelUri");
        if (uri == null || uri.isEmpty()) {
            throw new Problem.Invalid(
                    "InvalidArgument", "A model version needs 'modelUri': where its files are.", "modelUri");
        }
        String type = text(given, "modelType");
        if (type != null && !TYPES.contains(type)) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    "'modelType' is one of " + String.join(", ", TYPES) + ", not '" + type + "'.",
                    "modelType");
        }
        String stage = text(given, "stage");
        String job = text(given, "jobName");
        Version made = versions.createWithModel(
                workspace,
                new Versions.NewVersion(
                        name,
                        number,
                        uri,
                        type == null ? "custom_model" : type,
                        new Version.Lineage(job == null ? jobOf(uri) : job, "", ""),
                        text(given, "description"),
                        stage == null || stage.isEmpty() ? "None" : stage,
                        map(given, "tags"),
                        map(given, "properties")),
                exchange.caller());
        return Response.json(201, resource(workspace, made));
    }

    /// `azureml://jobs/{job}/outputs/…` says which job made the files.
    private static String jobOf(String uri) {
        int end = uri.indexOf('/', OF_JOB.length());
        return uri.startsWith(OF_JOB) && end > 0 ? uri.substring(OF_JOB.length(), end) : "";
    }

    private void checkSame(Workspace workspace, Version old, ObjectNode given) {
        String uri = text(given, "modelUri");
        String type = text(given, "modelType");
        boolean otherFiles = uri != null && !uri.equals(old.source()) && !uri.equals(uri(workspace, old));
        if (otherFiles || type != null && !type.equals(old.type())) {
            throw new Problem.Conflict(
                    "UserError",
                    "A version '" + old.version() + "' of model '" + old.name()
                            + "' already exists. If you are trying to create a new version, use a different name or"
                            + " version. If you are trying to update an existing version, its path and type cannot be"
                            + " changed. Only tags, description, stage, and isArchived can be updated.");
        }
    }

    private static Version changed(Version old, ObjectNode given) {
        String stage = text(given, "stage");
        JsonNode archived = given.path("isArchived");
        return new Version(
                old.name(),
                old.version(),
                old.source(),
                old.location(),
                old.type(),
                old.flavors(),
                old.lineage(),
                given.has("description") ? text(given, "description") : old.description(),
                stage == null || stage.isEmpty() ? old.stage() : stage,
                given.path("tags").isObject() ? map(given, "tags") : old.tags(),
                given.path("properties").isObject() ? map(given, "properties") : old.properties(),
                archived.isBoolean() ? archived.booleanValue() : old.archived(),
                old.stamp());
    }

    private Response deleteVersion(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        String version = exchange.path("version");
        if (found(workspace, name, version).isEmpty()) {
            return Response.status(204);
        }
        versions.delete(workspace, name, version, exchange.caller());
        return Response.status(200);
    }

    /// The data plane's `{"values": [id, …]}` to `{"values": {id: {"uri", "type"}}}` (azure-ai-ml, model dataplane
    /// client: `BatchModelPathResponseDto`).
    private Response resolvedUris(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        if (!(exchange.jsonObject().get("values") instanceof ArrayNode ids)) {
            throw new Problem.Invalid("The body needs a list 'values' of model ids.", "values");
        }
        ObjectNode values = Json.object();
        for (JsonNode id : ids) {
            Models.ModelVersion named = models.resolve(workspace, id.asString(""));
            Version version = versions.get(workspace, named.name(), named.version());
            values.set(
                    id.asString(""),
                    Json.object().put("uri", uri(workspace, version)).put("type", version.type()));
        }
        ObjectNode answer = Json.object();
        answer.set("values", values);
        return Response.ok(answer);
    }

    private ObjectNode resource(Workspace workspace, Version version) {
        ObjectNode properties = Json.object()
                .put("description", version.description())
                .put("modelUri", uri(workspace, version))
                .put("modelType", version.type())
                .put("stage", version.stage())
                .put("isArchived", version.archived())
                .put("isAnonymous", false)
                .put("provisioningState", "Succeeded");
        if (!version.lineage().runId().isEmpty()) {
            properties.put("jobName", version.lineage().runId());
        }
        properties.set("tags", object(version.tags()));
        properties.set("properties", object(version.properties()));
        properties.set("flavors", versions.flavors(version));
        return Arm.resource(
                id(workspace, version.name()) + "/versions/" + version.version(),
                version.version(),
                "models/versions",
                properties,
                version.stamp().createdBy(),
                Instant.ofEpochMilli(version.stamp().createdAt()),
                Instant.ofEpochMilli(version.stamp().updatedAt()));
    }

    /// The address of the files in a datastore, as Azure answers it, also for what MLflow registered and for
    /// `azureml://jobs/…`: clients that download a model take any other address apart wrongly.
    private String uri(Workspace workspace, Version version) {
        Location location = version.location();
        if (location == null
                || version.source().startsWith("azureml:") && !version.source().startsWith(OF_JOB)) {
            return version.source();
        }
        if (location.container().equals(workspace.artifactContainer())) {
            return dataUris.uriOf(workspace, "workspaceartifactstore", location.path());
        }
        String outputs = dataUris.jobOutput(workspace, "job", "output").container();
        return location.container().equals(outputs)
                ? dataUris.uriOf(workspace, "workspaceblobstore", location.path())
                : version.source();
    }

    /// @param newest the newest version that is not archived, or the newest of all; null when there is none
    private static ObjectNode container(Workspace workspace, RegisteredModel model, @Nullable Version newest) {
        ObjectNode properties = Json.object()
                .put("description", model.description())
                .put("latestVersion", newest == null ? null : newest.version())
                .put("nextVersion", Long.toString(model.lastVersion() + 1))
                .put("isArchived", newest != null && newest.archived())
                .put("provisioningState", "Succeeded");
        properties.set("tags", object(model.tags()));
        properties.set("properties", Json.object());
        return Arm.resource(
                id(workspace, model.name()),
                model.name(),
                "models",
                properties,
                model.stamp().createdBy(),
                Instant.ofEpochMilli(model.stamp().createdAt()),
                Instant.ofEpochMilli(model.stamp().updatedAt()));
    }

    private static String id(Workspace workspace, String name) {
        return workspace.armId() + "/models/" + name;
    }

    private static @Nullable String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isString() ? value.stringValue() : null;
    }

    private static Map<String, String> map(JsonNode object, String field) {
        Map<String, String> map = new TreeMap<>();
        object.path(field)
                .properties()
                .forEach(entry -> map.put(
                        entry.getKey(),
                        entry.getValue().isContainer()
                                ? entry.getValue().toString()
                                : entry.getValue().asString()));
        return map;
    }

    private static ObjectNode object(Map<String, String> map) {
        ObjectNode object = Json.object();
        new TreeMap<>(map).forEach(object::put);
        return object;
    }
}
