package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.assets.DataAssets;
import atelier.cli.http.Api;
import atelier.cli.output.Printer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `atelier data …`
@Command(name = "data", description = "A data asset: register, list, show.", synopsisSubcommandLabel = "VERB")
final class DataCommand {
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
            new Printer.Column("type", "/properties/dataType"),
            new Printer.Column("uri", "/properties/dataUri"),
            new Printer.Column("created", "/systemData/createdAt"));

    @Command(name = "create", description = "Register a data asset from a YAML file.")
    int create(@Mixin FileOptions file, @Mixin OutputOptions output) {
        JsonNode made = new DataAssets(new Assets(session())).create(file.read(session()));
        output.printer(session()).one(made, VERSION);
        return 0;
    }

    @Command(name = "list", description = "List names, or with --name the versions of one.")
    int list(@Mixin ListOptions list, @Option(names = {"-n", "--name"}) @Nullable String name) {
        Api api = session().api();
        String path = api.workspace() + "/data" + (name == null ? "" : "/" + name + "/versions");
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
        JsonNode found = new Assets(session()).show("data", "data", name, version);
        output.printer(session()).one(found, VERSION);
        return 0;
    }
}
