package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.endpoints.EndpointFiles;
import atelier.cli.endpoints.Scoring;
import atelier.cli.entities.Entities;
import atelier.cli.output.Printer.Column;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `online-endpoint` and `online-deployment`.
final class OnlineNouns {
    private static final List<Column> ENDPOINTS = List.of(
            new Column("name", "/name"),
            new Column("state", "/provisioning_state"),
            new Column("traffic", "/traffic"),
            new Column("scoring uri", "/scoring_uri"));
    private static final List<Column> DEPLOYMENTS = List.of(
            new Column("name", "/name"),
            new Column("state", "/provisioning_state"),
            new Column("model", "/model"),
            new Column("instances", "/instance_count"));

    private OnlineNouns() {}

    static Noun endpoint() {
        return Noun.of("online-endpoint", "Online endpoints: addresses that answer at once.")
                .validated("online-endpoint")
                .verb(
                        "create",
                        "Make an endpoint from a YAML file, from options, or both.",
                        words -> local(words.file()
                                .field("--auth-mode", "auth_mode", "key, aml_token or aad_token")
                                .text("--identity-type -i", "accepted; endpoints have no identity of their own")
                                .accepted("--web -e", "its address is printed")
                                .texts("--tags", "tags: --tags team=a")
                                .noWait()),
                        OnlineNouns::create)
                .verb(
                        "update",
                        "Share the requests among deployments, or change fields.",
                        words -> local(words.name()
                                .texts("--traffic -r", "shares in percent: --traffic \"blue=90 green=10\"")
                                .texts("--mirror-traffic -m", "a copy of this share: --mirror-traffic \"green=10\"")
                                .text("--defaults", "the default deployment")
                                .text("--file -f", "a YAML file")
                                .changes()
                                .noWait()),
                        OnlineNouns::update)
                .verb(
                        "list",
                        "List endpoints.",
                        words -> local(words.max()),
                        call -> Result.list(
                                call.all(call.api().workspace() + "/onlineEndpoints").stream()
                                        .map(Entities::endpoint)
                                        .toList(),
                                ENDPOINTS))
                .verb(
                        "show",
                        "Show one endpoint.",
                        words -> local(words.name().accepted("--web -e", "its address is printed")),
                        call -> shown(find(call, call.name())))
                .verb(
                        "delete",
                        "Delete an endpoint with its deployments.",
                        words -> local(words.name().yes().noWait()),
                        call -> {
                            find(call, call.name());
                            call.run("DELETE", path(call, call.name()), null);
                            return done(call, "Deleted " + call.name());
                        })
                .verb(
                        "get-credentials",
                        "Show the keys or a token of an endpoint.",
                        Words::name,
                        OnlineNouns::credentials)
                .verb(
                        "regenerate-keys",
                        "Make a new key.",
                        words -> words.name()
                                .text("--key-type", "primary or secondary")
                                .noWait(),
                        OnlineNouns::regenerate)
                .verb(
                        "invoke",
                        "Send a request file to an endpoint.",
                        words -> local(words.name()
                                .required("--request-file -r", "the JSON file")
                                .text("--deployment-name -d", "the deployment; without it the traffic decides")),
                        OnlineNouns::invoke);
    }

    /// `--local` asks for a container on one's own machine; an endpoint here is that already.
    private static Words local(Words words) {
        return words.accepted("--local", "every endpoint here is a local one")
                .accepted("--vscode-debug", "there is no container to debug");
    }

    private static Result done(Call call, String sentence) {
        call.session().err().println(sentence);
        return Result.nothing();
    }

    private static Result shown(JsonNode rest) {
        return Result.of(Entities.endpoint(rest), ENDPOINTS);
    }

    private static EndpointFiles files(Call call) {
        return new EndpointFiles(call.assets(), call.session().waiting());
    }

    private static String path(Call call, String endpoint) {
        return call.api().workspace() + "/onlineEndpoints/" + endpoint;
    }

    private static JsonNode find(Call call, String endpoint) {
        return files(call).show(endpoint);
    }

    private static Result create(Call call) {
        YamlFile file = call.document();
        call.texts("--tags").forEach(tag -> file.set("tags." + tag));
        return shown(files(call).createEndpoint(file.checked("online-endpoint")));
    }

    private static Result update(Call call) {
        ObjectNode rest = (ObjectNode) find(call, call.name());
        if (call.text("--file") != null) {
            YamlFile file = call.document();
            for (String field : new String[] {"traffic", "mirror_traffic"}) {
                if (file.root().path(field).isObject()) {
                    ((ObjectNode) rest.path("properties"))
                            .set(Changes.camel(field), file.root().path(field));
                }
            }
            if (file.root().path("tags").isObject()) {
                rest.set("tags", file.root().path("tags"));
            }
        }
        new Changes(Set.of("tags", "identity", "location"), Map.of("mirror_traffic", "mirrorTraffic"))
                .apply(rest, call);
        ObjectNode properties = (ObjectNode) rest.path("properties");
        List<String> traffic = shares(call, "--traffic");
        if (!traffic.isEmpty()) {
            properties.set("traffic", EndpointFiles.shares("--traffic", traffic));
        }
        List<String> mirror = shares(call, "--mirror-traffic");
        if (!mirror.isEmpty()) {
            properties.set("mirrorTraffic", EndpointFiles.shares("--mirror-traffic", mirror));
        }
        return shown(call.run("PUT", path(call, call.name()), EndpointFiles.again(rest)));
    }

    private static List<String> shares(Call call, String option) {
        List<String> shares = new ArrayList<>();
        for (String text : call.texts(option)) {
            for (String share : text.split("[ ,]+")) {
                if (!share.isBlank()) {
                    shares.add(share);
                }
            }
        }
        return shares;
    }

    private static Result credentials(Call call) {
        JsonNode endpoint = find(call, call.name());
        if (endpoint.path("properties").path("authMode").asString("Key").equals("Key")) {
            return Result.of(
                    new Scoring(call.api()).keys(call.name()),
                    List.of(new Column("primary key", "/primaryKey"), new Column("secondary key", "/secondaryKey")));
        }
        return Result.of(
                call.api().post(path(call, call.name()) + "/token", Json.object()),
                List.of(new Column("token", "/accessToken")));
    }

    private static Result regenerate(Call call) {
        find(call, call.name());
        String type = call.text("--key-type", "primary").toLowerCase(java.util.Locale.ROOT);
        if (!type.equals("primary") && !type.equals("secondary")) {
            throw new CliError("--key-type is primary or secondary, not '" + type + "'.");
        }
        call.run(
                "POST",
                path(call, call.name()) + "/regenerateKeys",
                Json.object().put("keyType", type.equals("primary") ? "Primary" : "Secondary"));
        return Result.nothing();
    }

    private static Result invoke(Call call) {
        Path file = call.session().resolve(call.required("--request-file"));
        String body;
        try {
            body = Files.readString(file);
        } catch (IOException e) {
            throw new CliError("There is no file " + file + " that can be read.", e);
        }
        Scoring.Answer answer =
                new Scoring(call.api()).score(find(call, call.name()), call.text("--deployment-name", ""), body);
        if (call.session().isAz()) {
            return Result.of(Json.tree(answer.text()), List.of());
        }
        call.session().out().println(answer.text());
        return Result.nothing();
    }

    static Noun deployment() {
        return Noun.of("online-deployment", "Online deployments: models that answer for an endpoint.")
                .validated("online-deployment")
                .verb(
                        "create",
                        "Deploy from a YAML file.",
                        words -> local(words.file()
                                .field("--endpoint-name -e", "endpoint_name", "its endpoint")
                                .flag("--all-traffic", "send it all requests once it is ready")
                                .accepted("--skip-script-validation", "the script runs at once")
                                .flag("--with-package", "package the model first")
                                .flag("--package-model", "package the model first")
                                .accepted("--web", "its address is printed")
                                .noWait()),
                        OnlineNouns::deploy)
                .verb(
                        "update",
                        "Change a deployment; its model server starts again.",
                        words -> local(deployed(words, false)
                                .text("--file -f", "a YAML file: it takes the place of the deployment")
                                .changes()
                                .noWait()),
                        OnlineNouns::updateDeployment)
                .verb(
                        "list",
                        "List the deployments of an endpoint.",
                        words -> local(words.required("--endpoint-name -e", "the endpoint")
                                .max()),
                        call -> {
                            find(call, call.required("--endpoint-name"));
                            return Result.list(
                                    call.all(path(call, call.required("--endpoint-name")) + "/deployments").stream()
                                            .map(Entities::deployment)
                                            .toList(),
                                    DEPLOYMENTS);
                        })
                .verb(
                        "show",
                        "Show one deployment.",
                        words -> local(deployed(words, true)),
                        call -> Result.of(Entities.deployment(findDeployment(call)), DEPLOYMENTS))
                .verb(
                        "delete",
                        "Delete a deployment.",
                        words -> local(deployed(words, true).yes().noWait()),
                        call -> {
                            findDeployment(call);
                            call.run("DELETE", deploymentPath(call), null);
                            return done(call, "Deleted " + call.name());
                        })
                .verb(
                        "get-logs",
                        "Print the end of a deployment's log.",
                        words -> local(deployed(words, true)
                                .text("--lines -l", "so many lines (default: 5000)")
                                .text("--container -c", "inference-server or storage-initializer")),
                        OnlineNouns::logs);
    }

    private static Words deployed(Words words, boolean needed) {
        return needed
                ? words.name().required("--endpoint-name -e", "its endpoint")
                : words.text("--name -n", "its name").text("--endpoint-name -e", "its endpoint");
    }

    private static String deploymentPath(Call call) {
        return path(call, call.required("--endpoint-name")) + "/deployments/" + call.name();
    }

    private static JsonNode findDeployment(Call call) {
        return call.api()
                .find(deploymentPath(call))
                .orElseThrow(() -> new CliError("The endpoint '" + call.required("--endpoint-name")
                        + "' has no deployment '" + call.name() + "'."));
    }

    private static Result deploy(Call call) {
        if (call.flag("--with-package") || call.flag("--package-model")) {
            throw new CliError("Models are not packaged into images here; deploy without --with-package.");
        }
        JsonNode made = files(call)
                .createDeployment(
                        call.document("online-deployment"), call.flag("--all-traffic"), call.flag("--no-wait"));
        return Result.of(Entities.deployment(made), DEPLOYMENTS);
    }

    private static Result updateDeployment(Call call) {
        if (call.text("--file") != null) {
            YamlFile file = call.document();
            for (String[] each : new String[][] {{"--name", "name"}, {"--endpoint-name", "endpoint_name"}}) {
                String given = call.text(each[0]);
                if (given != null) {
                    file.set(each[1], given, each[0]);
                }
            }
            return Result.of(
                    Entities.deployment(files(call).createDeployment(file, false, call.flag("--no-wait"))),
                    DEPLOYMENTS);
        }
        ObjectNode rest = (ObjectNode) findDeployment(call);
        YamlFile changes = call.document();
        JsonNode count = changes.root().path("instance_count");
        new Changes(Set.of("tags", "sku"), Map.of()).apply(rest, call);
        ((ObjectNode) rest.path("properties")).remove("instanceCount");
        if (count.isIntegralNumber()) {
            rest.putObject("sku").put("name", "Default").set("capacity", count);
        }
        return Result.of(
                Entities.deployment(call.run("PUT", deploymentPath(call), EndpointFiles.again(rest))), DEPLOYMENTS);
    }

    private static Result logs(Call call) {
        findDeployment(call);
        String container = call.text("--container", "inference-server");
        // The words of `az`; others go as they are, and the server names those it knows.
        String type = switch (container) {
            case "inference-server" -> "InferenceServer";
            case "storage-initializer" -> "StorageInitializer";
            default -> container;
        };
        JsonNode log = call.api()
                .post(
                        deploymentPath(call) + "/getLogs",
                        Json.object().put("containerType", type).put("tail", call.number("--lines", 5000)));
        String text = log.path("content").asString("");
        call.session().out().print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
        return Result.nothing();
    }
}
