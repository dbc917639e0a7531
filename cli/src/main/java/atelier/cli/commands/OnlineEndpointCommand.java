package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.endpoints.EndpointFiles;
import atelier.cli.endpoints.Scoring;
import atelier.cli.http.Api;
import atelier.cli.output.Printer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `atelier online-endpoint …`
@Command(
        name = "online-endpoint",
        description = "Online endpoints: make, change, ask.",
        synopsisSubcommandLabel = "VERB")
final class OnlineEndpointCommand {
    @ParentCommand
    private @Nullable Root root;

    private Session session() {
        return Parents.session(root);
    }

    private static final List<Printer.Column> COLUMNS = List.of(
            new Printer.Column("name", "/name"),
            new Printer.Column("state", "/properties/provisioningState"),
            new Printer.Column("traffic", "/properties/traffic"),
            new Printer.Column("scoring uri", "/properties/scoringUri"));

    private EndpointFiles endpoints() {
        return new EndpointFiles(new Assets(session()), session().waiting());
    }

    @Command(name = "create", description = "Make an endpoint from a YAML file.")
    int create(@Mixin FileOptions file, @Mixin OutputOptions output) {
        output.printer(session()).one(endpoints().createEndpoint(file.read(session())), COLUMNS);
        return 0;
    }

    @Command(name = "update", description = "Share the requests among deployments.")
    int update(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(
                            names = {"-r", "--traffic"},
                            required = true,
                            split = "[ ,]",
                            arity = "1..*",
                            paramLabel = "DEPLOYMENT=PERCENT")
                    List<String> traffic,
            @Mixin OutputOptions output) {
        output.printer(session()).one(endpoints().traffic(name, traffic), COLUMNS);
        return 0;
    }

    @Command(name = "list", description = "List endpoints.")
    int list(@Mixin ListOptions list) {
        Api api = session().api();
        list.printer(session()).list(list.all(api, api.workspace() + "/onlineEndpoints"), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Show one endpoint.")
    int show(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Mixin OutputOptions output) {
        output.printer(session()).one(endpoints().show(name), COLUMNS);
        return 0;
    }

    @Command(name = "delete", description = "Delete an endpoint with its deployments.")
    int delete(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(
                            names = {"-y", "--yes"},
                            description = "accepted for scripts; it is never asked")
                    boolean yes) {
        endpoints().show(name);
        Api api = session().api();
        api.run(
                "DELETE",
                api.workspace() + "/onlineEndpoints/" + name,
                null,
                session().waiting());
        session().out().println("Deleted " + name);
        return 0;
    }

    @Command(name = "get-credentials", description = "Show the keys of an endpoint.")
    int credentials(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Mixin OutputOptions output) {
        endpoints().show(name);
        output.printer(session())
                .one(
                        new Scoring(session().api()).keys(name),
                        List.of(
                                new Printer.Column("primary key", "/primaryKey"),
                                new Printer.Column("secondary key", "/secondaryKey")));
        return 0;
    }

    @Command(name = "invoke", description = "Send a request file to an endpoint.")
    int invoke(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(
                            names = {"-r", "--request-file"},
                            required = true,
                            paramLabel = "JSON")
                    String file,
            @Option(
                            names = {"-d", "--deployment-name"},
                            defaultValue = "")
                    String deployment) {
        String body;
        try {
            body = Files.readString(session().resolve(file));
        } catch (IOException e) {
            throw new CliError("There is no file " + session().resolve(file) + " that can be read.", e);
        }
        Scoring.Answer answer = new Scoring(session().api()).score(endpoints().show(name), deployment, body);
        session().out().println(answer.text());
        return 0;
    }
}
