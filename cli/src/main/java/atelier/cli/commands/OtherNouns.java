package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.entities.Entities;
import atelier.cli.http.Api;
import atelier.cli.output.Printer.Column;
import atelier.cli.resources.DatastoreFiles;
import atelier.cli.resources.ScheduleFiles;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `datastore`, `schedule`, `connection` and `registry`.
final class OtherNouns {
    private static final List<Column> DATASTORES = List.of(
            new Column("name", "/name"),
            new Column("type", "/type"),
            new Column("account", "/account_name"),
            new Column("container", "/container_name"),
            new Column("default", "/is_default"));
    private static final List<Column> SCHEDULES = List.of(
            new Column("name", "/name"),
            new Column("enabled", "/is_enabled"),
            new Column("trigger", "/trigger"),
            new Column("state", "/provisioning_state"));
    private static final List<Column> CONNECTIONS =
            List.of(new Column("name", "/name"), new Column("type", "/type"), new Column("target", "/target"));
    private static final List<Column> REGISTRIES =
            List.of(new Column("name", "/name"), new Column("location", "/location"));

    private OtherNouns() {}

    private static JsonNode find(Call call, String plural, String what) {
        return call.api()
                .find(path(call, plural))
                .orElseThrow(() -> new CliError("There is no " + what + " '" + call.name() + "'."));
    }

    private static String path(Call call, String plural) {
        return call.api().workspace() + "/" + plural + "/" + call.name();
    }

    private static Result delete(Call call, String plural, String what) {
        find(call, plural, what);
        call.run("DELETE", path(call, plural), null);
        return Result.nothing();
    }

    private static String nameOf(YamlFile file, String what) {
        String name = file.text("name", "");
        if (name.isEmpty()) {
            throw file.error("", what + " needs 'name'.");
        }
        return name;
    }

    static Noun datastore() {
        return Noun.of("datastore", "Datastores: places where data is.")
                .validated("datastore")
                .verb("create", "Make a datastore from a YAML file.", Words::file, call -> {
                    YamlFile file = call.document("datastore");
                    String name = nameOf(file, "a datastore");
                    return Result.of(
                            Entities.datastore(call.run(
                                    "PUT",
                                    call.api().workspace() + "/datastores/" + name + "?skipValidation=true",
                                    Api.resource(DatastoreFiles.properties(file)))),
                            DATASTORES);
                })
                .verb(
                        "list",
                        "List the datastores.",
                        Words::max,
                        call -> Result.list(
                                call.all(call.api().workspace() + "/datastores").stream()
                                        .map(Entities::datastore)
                                        .toList(),
                                DATASTORES))
                .verb(
                        "show",
                        "Show one datastore.",
                        words -> words.name().flag("--include-secrets", "its key or token too"),
                        OtherNouns::datastoreShow)
                .verb(
                        "update",
                        "Change description or tags.",
                        words -> words.name().changes().text("--file -f", "a YAML file"),
                        call -> {
                            ObjectNode rest = (ObjectNode) find(call, "datastores", "datastore");
                            new Changes(Set.of(), Map.of()).apply(rest, call);
                            return Result.of(
                                    Entities.datastore(call.api()
                                            .put(
                                                    path(call, "datastores") + "?skipValidation=true",
                                                    Api.resource((ObjectNode) rest.path("properties")))),
                                    DATASTORES);
                        })
                .verb(
                        "delete",
                        "Forget a datastore; its data stays.",
                        words -> words.name().yes(),
                        call -> delete(call, "datastores", "datastore"));
    }

    private static Result datastoreShow(Call call) {
        ObjectNode shown = Entities.datastore(find(call, "datastores", "datastore"));
        if (call.flag("--include-secrets")) {
            JsonNode secrets = call.api().post(path(call, "datastores") + "/listSecrets", Json.object());
            ObjectNode credentials = shown.putObject("credentials");
            if (secrets.has("key")) {
                credentials.set("account_key", secrets.path("key"));
            } else if (secrets.has("sasToken")) {
                credentials.set("sas_token", secrets.path("sasToken"));
            }
        }
        return Result.of(shown, DATASTORES);
    }

    static Noun schedule() {
        return Noun.of("schedule", "Schedules: jobs that run by the clock.")
                .validated("schedule")
                .verb(
                        "create",
                        "Make a schedule from a YAML file.",
                        words -> words.file().noWait(),
                        call -> {
                            YamlFile file = call.document("schedule");
                            String name = nameOf(file, "a schedule");
                            return scheduled(call.run(
                                    "PUT",
                                    call.api().workspace() + "/schedules/" + name,
                                    new ScheduleFiles(
                                                    call.assets(),
                                                    call.session().random())
                                            .body(file)));
                        })
                .verb(
                        "list",
                        "List schedules that are enabled.",
                        words -> words.max()
                                .flag("--include-disabled", "disabled ones too")
                                .flag("--disabled-only", "only disabled ones"),
                        call -> Result.list(
                                call
                                        .all(call.api().workspace() + "/schedules?listViewType="
                                                + (call.flag("--disabled-only")
                                                        ? "DisabledOnly"
                                                        : call.flag("--include-disabled") ? "All" : "EnabledOnly"))
                                        .stream()
                                        .map(Entities::schedule)
                                        .toList(),
                                SCHEDULES))
                .verb("show", "Show one schedule.", Words::name, call -> scheduled(find(call, "schedules", "schedule")))
                .verb("enable", "Let it run.", words -> words.name().noWait(), call -> enabled(call, true))
                .verb("disable", "Hold it.", words -> words.name().noWait(), call -> enabled(call, false))
                .verb(
                        "update",
                        "Change a schedule.",
                        words -> words.name()
                                .changes()
                                .text("--file -f", "a YAML file")
                                .noWait(),
                        call -> {
                            ObjectNode rest = (ObjectNode) find(call, "schedules", "schedule");
                            new Changes(Set.of(), Map.of()).apply(rest, call);
                            return put(call, rest);
                        })
                .verb(
                        "delete",
                        "Delete a schedule that is disabled.",
                        words -> words.name().yes().noWait(),
                        call -> delete(call, "schedules", "schedule"))
                .verb("trigger", "Run it once, now.", Words::name, call -> {
                    find(call, "schedules", "schedule");
                    ObjectNode once = Json.object();
                    JsonNode made = call.api().post(path(call, "schedules") + "/trigger", once);
                    return Result.of(
                            Json.object()
                                    .set("job_name", made.path("jobName"))
                                    .set("schedule_action_type", made.path("scheduleActionType")),
                            List.of(new Column("job", "/job_name")));
                });
    }

    private static Result scheduled(JsonNode rest) {
        return Result.of(Entities.schedule(rest), SCHEDULES);
    }

    private static Result enabled(Call call, boolean enabled) {
        ObjectNode rest = (ObjectNode) find(call, "schedules", "schedule");
        ((ObjectNode) rest.path("properties")).put("isEnabled", enabled);
        return put(call, rest);
    }

    private static Result put(Call call, ObjectNode rest) {
        return scheduled(call.run("PUT", path(call, "schedules"), Api.resource((ObjectNode) rest.path("properties"))));
    }

    static Noun connection() {
        return Noun.of("connection", "Connections: addresses and keys of other services.")
                .validated("connection")
                .verb("create", "Make a connection from a YAML file.", Words::file, call -> {
                    YamlFile file = call.document("connection");
                    String name = nameOf(file, "a connection");
                    ObjectNode properties = Json.object();
                    String type = file.text("type", "custom");
                    properties.put("category", Changes.camel("_" + type));
                    properties.put("target", file.text("target", ""));
                    JsonNode given = file.root().path("credentials");
                    properties.put(
                            "authType",
                            given.path("type").asString("None").equals("api_key")
                                    ? "ApiKey"
                                    : Changes.camel("_" + given.path("type").asString("none")));
                    if (given.has("key")) {
                        properties.putObject("credentials").set("key", given.path("key"));
                    }
                    if (file.root().path("metadata").isObject()) {
                        properties.set("metadata", file.root().path("metadata"));
                    }
                    return Result.of(
                            Entities.connection(call.run(
                                    "PUT", call.api().workspace() + "/connections/" + name, Api.resource(properties))),
                            CONNECTIONS);
                })
                .verb(
                        "list",
                        "List the connections.",
                        words -> words.max().text("--type", "only of this type"),
                        call -> Result.list(
                                call.all(call.api().workspace() + "/connections").stream()
                                        .map(Entities::connection)
                                        .filter(each -> call.text("--type") == null
                                                || each.path("type")
                                                        .asString("")
                                                        .equals(call.text("--type")))
                                        .toList(),
                                CONNECTIONS))
                .verb(
                        "show",
                        "Show one connection.",
                        Words::name,
                        call -> Result.of(Entities.connection(find(call, "connections", "connection")), CONNECTIONS))
                .verb(
                        "delete",
                        "Forget a connection.",
                        words -> words.name().yes(),
                        call -> delete(call, "connections", "connection"));
    }

    static Noun registry() {
        return Noun.of("registry", "Registries: assets that all workspaces share.")
                .verb(
                        "list",
                        "List the registries.",
                        Words::max,
                        call -> Result.list(
                                call.all(registries(call)).stream()
                                        .map(Entities::registry)
                                        .toList(),
                                REGISTRIES))
                .verb(
                        "show",
                        "Show one registry.",
                        Words::name,
                        call -> Result.of(
                                Entities.registry(call.api()
                                        .find(registries(call) + "/" + call.name())
                                        .orElseThrow(() ->
                                                new CliError("There is no registry '" + call.name() + "' here."))),
                                REGISTRIES))
                .verb("create", "Make a registry; not here.", Words::file, call -> {
                    throw new CliError("Registries are part of the installation; `atelier registry list` shows them.");
                });
    }

    private static String registries(Call call) {
        return call.api().workspace().replaceFirst("/workspaces/[^/]+$", "/registries");
    }
}
