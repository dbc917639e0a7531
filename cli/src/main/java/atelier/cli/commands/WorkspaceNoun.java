package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Place;
import atelier.cli.entities.Entities;
import atelier.cli.http.Api;
import atelier.cli.output.Printer.Column;
import atelier.cli.resources.WorkspaceFiles;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `workspace`
final class WorkspaceNoun {
    private static final List<Column> COLUMNS = List.of(
            new Column("name", "/name"),
            new Column("resource group", "/resource_group"),
            new Column("location", "/location"),
            new Column("display name", "/display_name"));

    private WorkspaceNoun() {}

    static Noun noun() {
        return Noun.of("workspace", "Workspaces: each with its own data, jobs, models and endpoints.")
                .validated("workspace")
                .verb(
                        "create",
                        "Make a workspace; one that is there is changed.",
                        WorkspaceNoun::fields,
                        WorkspaceNoun::create)
                .verb(
                        "list",
                        "List the workspaces.",
                        words -> words.max().text("--filtered-kinds", "accepted"),
                        WorkspaceNoun::list)
                .verb("show", "Show a workspace.", WorkspaceNoun::named, call -> shown(find(call)))
                .verb("update", "Change a workspace.", WorkspaceNoun::fields, WorkspaceNoun::update)
                .verb(
                        "delete",
                        "Delete a workspace; its name stays taken until it is purged.",
                        words -> named(words)
                                .yes()
                                .noWait()
                                .accepted("--all-resources", "its storage, vault and registry are its own")
                                .flag("--permanently-delete -p", "for good, at once"),
                        WorkspaceNoun::delete)
                .verb("list-keys", "Show the keys of its storage account.", WorkspaceNoun::named, WorkspaceNoun::keys)
                .verb("sync-keys", "Read the keys again; they are always fresh here.", WorkspaceNoun::named, call -> {
                    find(call);
                    return Result.nothing();
                })
                .verb(
                        "provision-network",
                        "Set up its network; there is none to set up.",
                        words -> named(words).noWait(),
                        call -> {
                            throw new CliError(
                                    "A local workspace has no managed network; there is nothing to provision.");
                        })
                .verb(
                        "diagnose",
                        "Look for faults; see atelier status.",
                        words -> named(words).noWait(),
                        call -> {
                            throw new CliError(
                                    "See `atelier status` and `atelier logs`; there is no network to diagnose.");
                        });
    }

    /// `--name` is the workspace here; without it that of `-w` or of the defaults.
    private static Words named(Words words) {
        return words.text("--name -n", "the workspace (default: az configure, else the server's first)");
    }

    private static void fields(Words words) {
        words.file()
                .field("--display-name -d", "display_name", "the name that people read")
                .field("--description", "description", "what it is for")
                .field("--location -l", "location", "the place")
                .field("--storage-account", "storage_account", "accepted; a local workspace has its own")
                .field("--container-registry -c", "container_registry", "accepted; a local workspace has its own")
                .field("--key-vault -k", "key_vault", "accepted; a local workspace has its own")
                .field("--application-insights -a", "application_insights", "accepted; a local workspace has its own")
                .field("--image-build-compute -i", "image_build_compute", "the compute that builds images")
                .field("--public-network-access", "public_network_access", "Enabled or Disabled")
                .text("--managed-network -m", "accepted; there is no network to manage")
                .accepted("--enable-data-isolation -e", "workspaces are always apart here")
                .accepted("--update-dependent-resources -u", "there are none")
                .texts("--tags", "tags: --tags team=a")
                .noWait();
    }

    private static Place place(Call call, @Nullable String name) {
        return new Place(
                name == null ? call.text("--workspace-name") : name,
                call.text("--resource-group"),
                call.text("--subscription"));
    }

    private static Api api(Call call) {
        return call.session().api(place(call, call.text("--name")));
    }

    private static JsonNode find(Call call) {
        Api api = api(call);
        return api.find(api.workspace())
                .orElseThrow(() -> new CliError("There is no workspace '" + lastOf(api.workspace())
                        + "' in the resource group '" + api.workspace().split("/")[4] + "'."));
    }

    private static String lastOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Result shown(JsonNode rest) {
        return Result.of(Entities.workspace(rest), COLUMNS);
    }

    private static YamlFile document(Call call) {
        YamlFile file = call.document();
        call.texts("--tags").forEach(tag -> file.set("tags." + tag));
        return file;
    }

    private static Result create(Call call) {
        YamlFile file = document(call);
        file.checked("workspace");
        String name = file.text("name", "");
        if (name.isEmpty()) {
            throw new CliError("A workspace needs a name: --name NAME.");
        }
        String group = call.text("--resource-group", file.text("resource_group", ""));
        Place wanted = new Place(name, group.isEmpty() ? null : group, call.text("--subscription"));
        Api api = call.session().api(wanted);
        if (api.find(api.workspace()).isPresent()) {
            return change(call, api, file);
        }
        ObjectNode body = WorkspaceFiles.body(file, name, location(call, api));
        return shown(call.run(api, "PUT", api.workspace(), body));
    }

    /// The location of `az configure`, else the group's, else that of the server's first workspace.
    private static String location(Call call, Api api) {
        String chosen = call.session().settings().text("defaults", "location");
        if (chosen != null) {
            return chosen;
        }
        String[] parts = api.workspace().split("/");
        return api.find("/subscriptions/" + parts[2] + "/resourcegroups/" + parts[4] + "?api-version=2021-04-01")
                .map(group -> group.path("location").asString(""))
                .filter(each -> !each.isEmpty())
                .orElseGet(() -> {
                    Api first = call.session().api();
                    return first.find(first.workspace())
                            .map(each -> each.path("location").asString("local"))
                            .orElse("local");
                });
    }

    private static Result update(Call call) {
        find(call);
        return change(call, api(call), document(call));
    }

    private static Result change(Call call, Api api, YamlFile file) {
        ObjectNode body = Json.object();
        body.set("properties", WorkspaceFiles.changes(file));
        if (file.root().path("tags").isObject()) {
            body.set("tags", file.root().path("tags"));
        }
        return shown(call.run(api, "PATCH", api.workspace(), body));
    }

    private static Result list(Call call) {
        String subscription = call.text("--subscription");
        if (subscription == null) {
            subscription = call.session().api(place(call, null)).workspace().split("/")[2];
        }
        String group = call.text("--resource-group");
        List<ObjectNode> found = call
                .all("/subscriptions/" + subscription + (group == null ? "" : "/resourceGroups/" + group)
                        + "/providers/Microsoft.MachineLearningServices/workspaces")
                .stream()
                .map(Entities::workspace)
                .toList();
        return Result.list(found, COLUMNS);
    }

    private static Result delete(Call call) {
        find(call);
        Api api = api(call);
        call.run(
                api, "DELETE", api.workspace() + (call.flag("--permanently-delete") ? "?forceToPurge=true" : ""), null);
        return Result.nothing();
    }

    private static Result keys(Call call) {
        find(call);
        Api api = api(call);
        return Result.of(api.post(api.workspace() + "/listKeys", Json.object()), List.of());
    }
}
