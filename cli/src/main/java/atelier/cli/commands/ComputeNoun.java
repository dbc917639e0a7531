package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.entities.Entities;
import atelier.cli.http.Api;
import atelier.cli.output.Printer.Column;
import atelier.cli.resources.ComputeFiles;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `compute`
final class ComputeNoun {
    private static final List<Column> COLUMNS = List.of(
            new Column("name", "/name"),
            new Column("type", "/type"),
            new Column("size", "/size"),
            new Column("state", "/state"),
            new Column("provisioning", "/provisioning_state"));

    /// Where the fields of a cluster stand in REST, below `properties`.
    private static final Map<String, String> PLACES = Map.of(
            "max_instances", "properties.scaleSettings.maxNodeCount",
            "min_instances", "properties.scaleSettings.minNodeCount",
            "size", "properties.vmSize");

    private ComputeNoun() {}

    static Noun noun() {
        return Noun.of("compute", "Computes: clusters for jobs, instances for people.")
                .validated("compute")
                .verb(
                        "create",
                        "Make a compute from a YAML file, from options, or both.",
                        ComputeNoun::fields,
                        ComputeNoun::create)
                .verb(
                        "list",
                        "List the computes.",
                        words -> words.max().text("--type -t", "AmlCompute or ComputeInstance"),
                        ComputeNoun::list)
                .verb("show", "Show one compute.", Words::name, call -> shown(find(call)))
                .verb(
                        "start",
                        "Start a compute instance.",
                        words -> words.name().noWait(),
                        call -> action(call, "start"))
                .verb("stop", "Stop a compute instance.", words -> words.name().noWait(), call -> action(call, "stop"))
                .verb(
                        "restart",
                        "Restart a compute instance.",
                        words -> words.name().noWait(),
                        call -> action(call, "restart"))
                .verb("update", "Change the scale or the tags of a compute.", ComputeNoun::changes, ComputeNoun::update)
                .verb(
                        "delete",
                        "Delete a compute.",
                        words -> words.name()
                                .yes()
                                .noWait()
                                .text("--action", "Delete, the only one: a local compute cannot be detached"),
                        ComputeNoun::delete)
                .verb("list-nodes", "List the nodes of a cluster.", Words::name, ComputeNoun::nodes)
                .verb("list-sizes", "List the sizes there are.", ComputeNoun::sizesWords, ComputeNoun::sizes)
                .verb(
                        "list-usage",
                        "List usage and quota.",
                        words -> words.max().text("--location -l", "the place"),
                        ComputeNoun::usage)
                .verb(
                        "attach",
                        "Attach a Kubernetes cluster from a YAML file.",
                        words -> words.file()
                                .field("--type -t", "type", "kubernetes")
                                .noWait(),
                        ComputeNoun::create)
                .verb(
                        "detach",
                        "Forget an attached compute.",
                        words -> words.name().yes().noWait(),
                        call -> {
                            call.run("DELETE", path(call) + "?underlyingResourceAction=Detach", null);
                            return Result.nothing();
                        })
                .verb("connect-ssh", "Open a shell on a compute instance; not here.", Words::name, call -> {
                    throw new CliError("Computes are processes of this machine; open a terminal on it instead.");
                });
    }

    private static void fields(Words words) {
        words.file()
                .field("--type -t", "type", "AmlCompute, ComputeInstance or Kubernetes")
                .field("--size -s", "size", "the VM size: STANDARD_DS11_V2")
                .field("--min-instances", "min_instances", "nodes that always run")
                .field("--max-instances", "max_instances", "nodes at most")
                .field("--idle-time-before-scale-down", "idle_time_before_scale_down", "seconds")
                .field("--tier", "tier", "dedicated or low_priority")
                .field("--description", "description", "what it is for")
                .field("--location", "location", "the place")
                .field("--identity-type -i", "identity.type", "system_assigned or user_assigned")
                .switchField("--enable-node-public-ip", "enable_node_public_ip", "accepted; nodes are processes here")
                .switchField("--ssh-public-access-enabled", "ssh_public_access_enabled", "accepted; there is no ssh")
                .field("--subnet", "network_settings.subnet", "accepted")
                .field("--vnet-name", "network_settings.vnet_name", "accepted")
                .field("--admin-username", "ssh_settings.admin_username", "accepted; there is no ssh")
                .text("--user-assigned-identities", "ids of identities, with commas")
                .texts("--tags", "tags: --tags team=a")
                .noWait();
    }

    private static void sizesWords(Words words) {
        words.max().text("--type -t", "AmlCompute or ComputeInstance").text("--location -l", "the place");
    }

    private static Result create(Call call) {
        YamlFile file = call.document();
        call.texts("--tags").forEach(tag -> file.set("tags." + tag));
        String users = call.text("--user-assigned-identities");
        if (users != null) {
            var list = Json.array();
            for (String each : users.split(",")) {
                list.add(each.strip());
            }
            ((ObjectNode) file.root().path("identity")).set("user_assigned_identities", list);
        }
        file.checked("compute");
        String name = file.text("name", "");
        if (name.isEmpty()) {
            throw new CliError("A compute needs a name: --name NAME.");
        }
        Api api = call.api();
        JsonNode workspace = api.find(api.workspace())
                .orElseThrow(() -> new CliError("There is no workspace " + api.workspace() + "."));
        ObjectNode body = ComputeFiles.body(file, workspace.path("location").asString("local"));
        return shown(call.run("PUT", api.workspace() + "/computes/" + name, body));
    }

    private static Result shown(JsonNode rest) {
        return Result.of(Entities.compute(rest), COLUMNS);
    }

    private static String path(Call call) {
        return call.api().workspace() + "/computes/" + call.name();
    }

    private static JsonNode find(Call call) {
        return call.api()
                .find(path(call))
                .orElseThrow(() -> new CliError("There is no compute '" + call.name() + "'."));
    }

    private static Result list(Call call) {
        String type = call.text("--type", "");
        List<ObjectNode> found = call.all(call.api().workspace() + "/computes").stream()
                .map(Entities::compute)
                .filter(each -> type.isEmpty() || each.path("type").asString("").equalsIgnoreCase(type))
                .toList();
        return Result.list(found, COLUMNS);
    }

    private static Result action(Call call, String verb) {
        find(call);
        call.run("POST", path(call) + "/" + verb, Json.object());
        return Result.nothing();
    }

    private static void changes(Words words) {
        words.name()
                .changes()
                .field("--min-instances", "min_instances", "nodes that always run")
                .field("--max-instances", "max_instances", "nodes at most")
                .text("--idle-time-before-scale-down", "seconds")
                .text("--identity-type -i", "system_assigned or user_assigned")
                .text("--user-assigned-identities", "ids of identities, with commas")
                .texts("--tags", "tags: --tags team=a")
                .noWait();
    }

    private static Result update(Call call) {
        ObjectNode rest = (ObjectNode) find(call);
        new Changes(Set.of("tags", "identity"), PLACES).apply(rest, call);
        for (String tag : call.texts("--tags")) {
            String[] parts = tag.split("=", 2);
            ObjectNode tags = rest.path("tags") instanceof ObjectNode known ? known : rest.putObject("tags");
            tags.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        String idle = call.text("--idle-time-before-scale-down");
        if (idle != null) {
            ((ObjectNode) rest.at("/properties/properties/scaleSettings"))
                    .put("nodeIdleTimeBeforeScaleDown", "PT" + call.number("--idle-time-before-scale-down", 0) + "S");
        }
        String identity = call.text("--identity-type");
        if (identity != null) {
            boolean system = identity.toLowerCase(java.util.Locale.ROOT).startsWith("system");
            ObjectNode made = rest.putObject("identity").put("type", system ? "SystemAssigned" : "UserAssigned");
            for (String each : call.text("--user-assigned-identities", "").split(",")) {
                if (!each.isBlank()) {
                    made.withObjectProperty("userAssignedIdentities").putObject(each.strip());
                }
            }
        }
        ObjectNode body = Json.object();
        for (String field : new String[] {"location", "tags", "identity", "properties"}) {
            if (rest.has(field)) {
                body.set(field, rest.path(field));
            }
        }
        return shown(call.run("PUT", path(call), body));
    }

    private static Result delete(Call call) {
        find(call);
        call.run("DELETE", path(call) + "?underlyingResourceAction=Delete", null);
        return Result.nothing();
    }

    private static Result nodes(Call call) {
        find(call);
        JsonNode nodes =
                call.api().post(path(call) + "/listNodes", Json.object()).path("nodes");
        return Result.list(
                nodes.valueStream().toList(),
                List.of(new Column("node", "/nodeId"), new Column("state", "/nodeState"), new Column("job", "/runId")));
    }

    private static String location(Call call) {
        Api api = call.api();
        return api.workspace().replaceFirst("/resourceGroups/.*", "")
                + "/providers/Microsoft.MachineLearningServices/locations/"
                + call.text(
                        "--location", api.get(api.workspace()).path("location").asString("local"));
    }

    private static Result sizes(Call call) {
        JsonNode found = call.api().get(location(call) + "/vmSizes");
        List<ObjectNode> sizes = found.path("value")
                .valueStream()
                .map(each -> Json.object()
                        .set("name", each.path("name"))
                        .set("vcp_us", each.path("vCPUs"))
                        .set("gpus", each.path("gpus"))
                        .set("memory_gb", each.path("memoryGB"))
                        .set("os_vhd_size_mb", each.path("osVhdSizeMB"))
                        .set("max_resource_volume_mb", each.path("maxResourceVolumeMB")))
                .toList();
        return Result.list(
                sizes,
                List.of(
                        new Column("name", "/name"),
                        new Column("cores", "/vcp_us"),
                        new Column("memory GB", "/memory_gb"),
                        new Column("gpus", "/gpus")));
    }

    private static Result usage(Call call) {
        List<ObjectNode> usages = call.all(location(call) + "/usages").stream()
                .map(each -> Json.object()
                        .set("id", each.path("id"))
                        .set("name", each.path("name").path("value"))
                        .set("current_value", each.path("currentValue"))
                        .set("limit", each.path("limit"))
                        .set("unit", each.path("unit")))
                .toList();
        return Result.list(
                usages,
                List.of(
                        new Column("name", "/name"),
                        new Column("used", "/current_value"),
                        new Column("limit", "/limit")));
    }
}
