package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.assets.EnvironmentAssets;
import atelier.cli.http.Api;
import atelier.cli.output.Printer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `atelier environment …`
@Command(name = "environment", description = "An environment: register, list, show.", synopsisSubcommandLabel = "VERB")
final class EnvironmentCommand {
    @ParentCommand
    private @Nullable Root root;

    private Session session() {
        return Parents.session(root);
    }

    private static final List<Printer.Column> COLUMNS = List.of(
            new Printer.Column("name", "/name"),
            new Printer.Column("latest", "/properties/latestVersion"),
            new Printer.Column("description", "/properties/description"),
            new Printer.Column("created", "/systemData/createdAt"));
    private static final List<Printer.Column> VERSION = List.of(
            new Printer.Column("id", "/id"),
            new Printer.Column("version", "/name"),
            new Printer.Column("image", "/properties/image"),
            new Printer.Column("created", "/systemData/createdAt"));

    @Command(name = "create", description = "Register an environment from a YAML file.")
    int create(@Mixin FileOptions file, @Mixin OutputOptions output) {
        JsonNode made = new EnvironmentAssets(new Assets(session())).create(file.read(session()));
        output.printer(session()).one(made, VERSION);
        return 0;
    }

    @Command(name = "list", description = "List names, or with --name the versions of one.")
    int list(@Mixin ListOptions list, @Option(names = {"-n", "--name"}) @Nullable String name) {
        Api api = session().api();
        String path = api.workspace() + "/environments" + (name == null ? "" : "/" + name + "/versions");
        list.printer(session()).list(list.all(api, path), name == null ? COLUMNS : VERSION);
        return 0;
    }

    @Command(name = "show", description = "Show one version; the newest when none is named.")
    int show(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(
                            names = {"-v", "--version"},
                            defaultValue = "")
                    String version,
            @Mixin OutputOptions output) {
        JsonNode found = new Assets(session()).show("environments", "environment", name, version);
        output.printer(session()).one(found, VERSION);
        return 0;
    }
}
