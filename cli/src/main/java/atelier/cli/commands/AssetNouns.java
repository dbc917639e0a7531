package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.assets.DataAssets;
import atelier.cli.assets.EnvironmentAssets;
import atelier.cli.assets.ModelAssets;
import atelier.cli.entities.Entities;
import atelier.cli.http.Api;
import atelier.cli.jobs.JobDownload;
import atelier.cli.jobs.JobFiles;
import atelier.cli.output.Printer.Column;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `data`, `environment`, `component` and `model`.
final class AssetNouns {
    private AssetNouns() {}

    static Noun data() {
        return shared(
                new AssetVerbs(
                                "data",
                                "data asset",
                                Entities::data,
                                List.of(new Column("type", "/type"), new Column("uri", "/path")),
                                words -> words.field("--type -t", "type", "uri_file, uri_folder or mltable")
                                        .field("--path -p", "path", "where it is: a local path or a URI")
                                        .field("--datastore", "datastore", "where local files are uploaded to")
                                        .accepted("--skip-validation", "MLTables are checked by the server"),
                                (assets, file) -> new DataAssets(assets).create(file))
                        .addTo(Noun.of("data", "Data assets: files, folders and tables with versions.")),
                "data",
                "data asset",
                Entities::data,
                List.of(new Column("type", "/type"), new Column("uri", "/path")));
    }

    static Noun environment() {
        return shared(
                new AssetVerbs(
                                "environments",
                                "environment",
                                Entities::environment,
                                List.of(new Column("image", "/image")),
                                words -> words.field("--image -i", "image", "the image it stands on")
                                        .field("--conda-file -c", "conda_file", "a file of conda packages")
                                        .field("--build-context -b", "build.path", "a folder with a Dockerfile")
                                        .field("--dockerfile-path -d", "build.dockerfile_path", "the Dockerfile in it")
                                        .field("--os-type", "os_type", "linux or windows")
                                        .field("--datastore", "datastore", "where local files are uploaded to"),
                                (assets, file) -> new EnvironmentAssets(assets).create(file))
                        .addTo(Noun.of("environment", "Environments: the software that jobs and models run in.")),
                "environments",
                "environment",
                Entities::environment,
                List.of(new Column("image", "/image")));
    }

    static Noun component() {
        return shared(
                new AssetVerbs(
                                "components",
                                "component",
                                Entities::component,
                                List.of(new Column("type", "/type"), new Column("display name", "/display_name")),
                                words -> words.accepted("--skip-validation", "the server checks it"),
                                (assets, file) -> new JobFiles(assets, RandomGenerator.getDefault())
                                        .components()
                                        .create(file))
                        .addTo(Noun.of("component", "Components: the steps that pipelines are made of.")),
                "components",
                "component",
                Entities::component,
                List.of(new Column("type", "/type"), new Column("display name", "/display_name")));
    }

    private static final List<Column> MODEL =
            List.of(new Column("type", "/type"), new Column("uri", "/path"), new Column("job", "/job_name"));

    static Noun model() {
        Noun model = new AssetVerbs(
                        "models",
                        "model",
                        Entities::model,
                        MODEL,
                        words -> words.field("--type -t", "type", "custom_model, mlflow_model or triton_model")
                                .field("--path -p", "path", "where it is: a local path, a job's output, a URI")
                                .field("--datastore", "datastore", "where local files are uploaded to")
                                .field("--stage -s", "stage", "Development, Production or another word"),
                        (assets, file) -> new ModelAssets(assets).create(file))
                .addTo(Noun.of("model", "Models: registered, with versions and lineage."))
                .verb(
                        "download",
                        "Fetch the files of a model.",
                        words -> words.name()
                                .version()
                                .text("--download-path -p", "where to (default: here)")
                                .text("--registry-name", "the registry, in place of the workspace"),
                        AssetNouns::download)
                .verb(
                        "package",
                        "Make an image of a model and its server.",
                        words -> words.name()
                                .version()
                                .text("--file -f", "the YAML file")
                                .changes(),
                        AssetNouns::pack);
        return ModelHistory.addTo(shared(model, "models", "model", Entities::model, MODEL));
    }

    private static Result download(Call call) {
        JsonNode model = call.assets().show("models", "model", call.name(), call.version());
        JobDownload.Fetched fetched = new JobDownload(call.assets())
                .place(
                        model.path("properties").path("modelUri").asString(""),
                        call.session()
                                .resolve(call.text("--download-path", "."))
                                .resolve(call.name()));
        call.session().err().println(fetched.files() + " files in " + fetched.folder());
        return Result.nothing();
    }

    /// `POST …/package`, as azure-ai-ml sends it; what the server does not do it says.
    private static Result pack(Call call) {
        YamlFile file = call.document();
        JsonNode model = call.assets().show("models", "model", call.name(), call.version());
        ObjectNode body = Json.object();
        body.set("targetEnvironmentName", file.root().path("target_environment"));
        JsonNode server = file.root().path("inferencing_server");
        ObjectNode made = body.putObject("inferencingServer");
        made.put("serverType", server.path("type").asString("azureml_online"));
        if (server.path("code_configuration").isObject()) {
            throw new CliError("model package: a code_configuration is not packaged here; deploy it with"
                    + " online-deployment create.");
        }
        return Result.of(
                call.run(
                        "POST",
                        call.assets()
                                        .path(
                                                "models",
                                                call.name(),
                                                model.path("name").asString("")) + "/package",
                        body),
                List.of());
    }

    /// `share`, as azure-ai-ml does it: the registry copies the asset with its files.
    private static Noun shared(
            Noun noun, String kind, String called, UnaryOperator<JsonNode> words, List<Column> columns) {
        return noun.verb(
                "share",
                "Copy it from this workspace to a registry, with its files.",
                options -> options.name()
                        .required("--version -v", "its version")
                        .required("--registry-name", "the registry")
                        .text("--share-with-name", "its name there (default: the same)")
                        .text("--share-with-version", "its version there (default: the same)"),
                call -> share(call, kind, called, words, columns));
    }

    private static Result share(
            Call call, String kind, String called, UnaryOperator<JsonNode> words, List<Column> columns) {
        Api here = call.session()
                .api(new atelier.cli.Place(
                        call.text("--workspace-name"), call.text("--resource-group"), call.text("--subscription")));
        JsonNode workspace = here.get(here.workspace());
        String version = call.required("--version");
        String name = call.text("--share-with-name", call.name());
        String shared = call.text("--share-with-version", version);
        ObjectNode properties = Json.object()
                .put("destinationName", name)
                .put("destinationVersion", shared)
                .put(
                        "sourceAssetId",
                        "azureml://locations/" + workspace.path("location").asString("") + "/workspaces/"
                                + workspace
                                        .path("properties")
                                        .path("workspaceId")
                                        .asString("")
                                + "/" + kind + "/" + call.name() + "/versions/" + version);
        String there = call.assets().path(kind, name, shared);
        call.run("POST", there.substring(0, there.lastIndexOf("/" + kind + "/")) + "/import", Api.resource(properties));
        return Result.of(words.apply(call.assets().show(kind, called, name, shared)), columns);
    }
}
