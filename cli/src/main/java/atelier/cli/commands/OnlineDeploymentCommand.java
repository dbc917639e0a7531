package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.endpoints.EndpointFiles;
import atelier.cli.output.Printer;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `atelier online-deployment …`
@Command(
        name = "online-deployment",
        description = "Online deployments: make, look, delete.",
        synopsisSubcommandLabel = "VERB")
final class OnlineDeploymentCommand {
    @ParentCommand
    private @Nullable Root root;

    private Session session() {
        return Parents.session(root);
    }

    private static final List<Printer.Column> COLUMNS = List.of(
            new Printer.Column("name", "/name"),
            new Printer.Column("state", "/properties/provisioningState"),
            new Printer.Column("model", "/properties/model"),
            new Printer.Column("instances", "/sku/capacity"));

    private String path(String endpoint) {
        return session().api().workspace() + "/onlineEndpoints/" + endpoint + "/deployments";
    }

    @Command(name = "create", description = "Deploy from a YAML file.")
    int create(
            @Mixin FileOptions file,
            @Mixin OutputOptions output,
            @Option(
                            names = {"-e", "--endpoint-name"},
                            description = "in place of the file's")
                    @Nullable
                    String endpoint,
            @Option(names = "--all-traffic", description = "send it all requests once it is ready") boolean all) {
        YamlFile yaml = file.read(session());
        if (endpoint != null) {
            yaml.root().put("endpoint_name", endpoint);
        }
        JsonNode made = new EndpointFiles(new Assets(session()), session().waiting()).createDeployment(yaml, all);
        output.printer(session()).one(made, COLUMNS);
        return 0;
    }

    @Command(name = "list", description = "List the deployments of an endpoint.")
    int list(
            @Option(
                            names = {"-e", "--endpoint-name"},
                            required = true)
                    String endpoint,
            @Mixin ListOptions list) {
        list.printer(session()).list(list.all(session().api(), path(endpoint)), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Show one deployment.")
    int show(
            @Option(
                            names = {"-e", "--endpoint-name"},
                            required = true)
                    String endpoint,
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Mixin OutputOptions output) {
        output.printer(session()).one(find(endpoint, name), COLUMNS);
        return 0;
    }

    @Command(name = "delete", description = "Delete a deployment.")
    int delete(
            @Option(
                            names = {"-e", "--endpoint-name"},
                            required = true)
                    String endpoint,
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(
                            names = {"-y", "--yes"},
                            description = "accepted for scripts; it is never asked")
                    boolean yes) {
        find(endpoint, name);
        session()
                .api()
                .run("DELETE", path(endpoint) + "/" + name, null, session().waiting());
        session().out().println("Deleted " + name);
        return 0;
    }

    @Command(name = "get-logs", description = "Print the end of a deployment's log.")
    int logs(
            @Option(
                            names = {"-e", "--endpoint-name"},
                            required = true)
                    String endpoint,
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(
                            names = {"-l", "--lines"},
                            defaultValue = "200",
                            paramLabel = "N")
                    int lines) {
        find(endpoint, name);
        JsonNode log = session()
                .api()
                .post(path(endpoint) + "/" + name + "/getLogs", Json.object().put("tail", lines));
        session().out().print(log.path("content").asString(""));
        return 0;
    }

    private JsonNode find(String endpoint, String name) {
        return session()
                .api()
                .find(path(endpoint) + "/" + name)
                .orElseThrow(() -> new CliError("The endpoint '" + endpoint + "' has no deployment '" + name + "'."));
    }
}
