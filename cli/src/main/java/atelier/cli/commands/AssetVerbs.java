package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.assets.Assets;
import atelier.cli.entities.Entities;
import atelier.cli.http.Api;
import atelier.cli.output.Printer.Column;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs that everything with versions has: `data`, `environment`, `model`, `component`.
///
/// @param plural its collection in the REST API
/// @param what the words for one, without article
/// @param entity a version as it is printed
/// @param shown the columns of a version beside id and version
/// @param fields the options of `create` that stand for fields of the file
/// @param create makes a version out of a file
record AssetVerbs(
        String plural,
        String what,
        Function<JsonNode, ObjectNode> entity,
        List<Column> shown,
        Consumer<Words> fields,
        BiFunction<Assets, YamlFile, JsonNode> create) {
    private static final List<Column> CONTAINERS = List.of(
            new Column("name", "/name"),
            new Column("latest", "/latest_version"),
            new Column("description", "/description"),
            new Column("created", "/creation_context/created_at"));

    private List<Column> columns() {
        List<Column> columns =
                new java.util.ArrayList<>(List.of(new Column("id", "/id"), new Column("version", "/version")));
        columns.addAll(shown);
        columns.add(new Column("created", "/creation_context/created_at"));
        return columns;
    }

    /// Adds the verbs to the noun.
    Noun addTo(Noun noun) {
        return noun.validated(kind())
                .verb(
                        "create",
                        "Register a " + what + " from a YAML file, from options, or both.",
                        words -> {
                            words.file()
                                    .field("--version -v", "version", "its version (default: the next)")
                                    .field("--description", "description", "what it is");
                            tagged(words);
                            fields.accept(words);
                        },
                        this::create)
                .verb(
                        "list",
                        "List names, or with --name the versions of one.",
                        words -> registry(
                                words.text("--name -n", "whose versions").max().archived()),
                        this::list)
                .verb("show", "Show one version; the newest when none is named.", this::versioned, this::show)
                .verb(
                        "archive",
                        "Hide it from lists; what uses it still works.",
                        this::versioned,
                        call -> archived(call, true))
                .verb("restore", "Show an archived one in lists again.", this::versioned, call -> archived(call, false))
                .verb(
                        "update",
                        "Change description, tags or properties of a version.",
                        words -> versioned(words)
                                .changes()
                                .texts("--add --remove", "not known here; use --set")
                                .field("--description", "description", "what it is")
                                .field("--stage -s", "stage", "Development, Production or another word"),
                        this::update);
    }

    /// The name of its files' kind.
    private String kind() {
        return plural.equals("data") ? "data" : plural.substring(0, plural.length() - 1);
    }

    static Words tagged(Words words) {
        return registry(words.texts("--tags", "tags: --tags team=a stage=b"));
    }

    private static Words registry(Words words) {
        return words.text("--registry-name", "the registry, in place of the workspace");
    }

    private Words versioned(Words words) {
        return registry(words.name().version());
    }

    private Result create(Call call) {
        YamlFile file = call.document();
        call.texts("--tags").forEach(tag -> file.set("tags." + tag));
        file.checked(kind());
        return Result.of(entity.apply(create.apply(call.assets(), file)), columns());
    }

    private Result list(Call call) {
        String name = call.text("--name");
        String path = call.api().workspace() + "/" + plural + (name == null ? "" : "/" + name + "/versions")
                + "?listViewType=" + call.view();
        List<JsonNode> found = call.all(path);
        return name == null
                ? Result.list(found.stream().map(Entities::container).toList(), CONTAINERS)
                : Result.list(found.stream().map(entity).toList(), columns());
    }

    private Result show(Call call) {
        return Result.of(entity.apply(find(call)), columns());
    }

    private JsonNode find(Call call) {
        return call.assets().show(plural, what, call.name(), call.version());
    }

    /// A version when one is named, else the whole name.
    private Result archived(Call call, boolean archived) {
        Api api = call.api();
        if (call.text("--version") == null && call.text("--label") == null) {
            String path = api.workspace() + "/" + plural + "/" + call.name();
            ObjectNode container = (ObjectNode)
                    api.find(path).orElseThrow(() -> new CliError("There is no " + what + " '" + call.name() + "'."));
            api.put(path, changed(container, archived));
        } else {
            ObjectNode version = (ObjectNode) find(call);
            api.put(pathOf(call, version), changed(version, archived));
        }
        return Result.nothing();
    }

    private static ObjectNode changed(ObjectNode resource, boolean archived) {
        ObjectNode properties = (ObjectNode) resource.path("properties");
        properties.put("isArchived", archived);
        return Api.resource(properties);
    }

    private String pathOf(Call call, JsonNode version) {
        return call.assets().path(plural, call.name(), version.path("name").asString(""));
    }

    private Result update(Call call) {
        if (!call.texts("--add").isEmpty()) {
            throw new CliError("--add and --remove are not known here; use --set FIELD=VALUE.");
        }
        ObjectNode version = (ObjectNode) find(call);
        Changes.ofAssets().apply(version, call);
        ObjectNode body = Json.object();
        body.set("properties", version.path("properties"));
        return Result.of(entity.apply(call.api().put(pathOf(call, version), body)), columns());
    }
}
