package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.assets.ModelAssets;
import atelier.cli.http.Api;
import atelier.cli.jobs.JobDownload;
import atelier.cli.output.Printer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `atelier model …`
@Command(name = "model", description = "A model: register, list, show.", synopsisSubcommandLabel = "VERB")
final class ModelCommand {
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
            new Printer.Column("type", "/properties/modelType"),
            new Printer.Column("uri", "/properties/modelUri"),
            new Printer.Column("job", "/properties/jobName"),
            new Printer.Column("created", "/systemData/createdAt"));

    @Command(name = "create", description = "Register a model from a YAML file.")
    int create(@Mixin FileOptions file, @Mixin OutputOptions output) {
        JsonNode made = new ModelAssets(new Assets(session())).create(file.read(session()));
        output.printer(session()).one(made, VERSION);
        return 0;
    }

    @Command(name = "list", description = "List names, or with --name the versions of one.")
    int list(@Mixin ListOptions list, @Option(names = {"-n", "--name"}) @Nullable String name) {
        Api api = session().api();
        String path = api.workspace() + "/models" + (name == null ? "" : "/" + name + "/versions");
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
        JsonNode found = new Assets(session()).show("models", "model", name, version);
        output.printer(session()).one(found, VERSION);
        return 0;
    }

    @Command(name = "download", description = "Fetch the files of a model.")
    int download(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(
                            names = {"-v", "--version"},
                            defaultValue = "")
                    String version,
            @Option(
                            names = {"-p", "--download-path"},
                            defaultValue = ".")
                    String folder) {
        Assets assets = new Assets(session());
        JsonNode model = assets.show("models", "model", name, version);
        JobDownload.Fetched fetched = new JobDownload(assets)
                .place(
                        model.path("properties").path("modelUri").asString(""),
                        session().resolve(folder).resolve(name));
        session().out().println(fetched.files() + " files in " + fetched.folder());
        return 0;
    }
}
