package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Place;
import atelier.cli.Session;
import atelier.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ObjectNode;

/// `atelier config [FOLDER]`: the file by which `MLClient.from_config()` knows the workspace. The SDK reads no
/// environment variable for this (azure-ai-ml, `_ml_client.py`): it searches the current folder and those above.
@Command(name = "config", description = "Write .azureml/config.json, which MLClient.from_config() looks for.")
final class ConfigCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Parameters(arity = "0..1", paramLabel = "FOLDER", description = "where to write it (default: here)")
    private String folder = "";

    @Option(
            names = {"-w", "--workspace-name"},
            paramLabel = "NAME",
            description = "the workspace (default: that of az configure, else the server's first)")
    private @Nullable String workspace;

    @Option(
            names = {"-g", "--resource-group"},
            paramLabel = "NAME",
            description = "its resource group")
    private @Nullable String group;

    @Override
    public Integer call() {
        Session session = Parents.session(root);
        String[] place =
                session.api(new Place(workspace, group, null)).workspace().split("/");
        ObjectNode config = Json.object();
        config.put("subscription_id", place[2]);
        config.put("resource_group", place[4]);
        config.put("workspace_name", place[place.length - 1]);
        Path file = session.resolve(folder).resolve(".azureml/config.json");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, Json.pretty(config) + "\n");
        } catch (IOException e) {
            throw new CliError(file + " cannot be written.", e);
        }
        session.out().println("Wrote " + file);
        return 0;
    }

    /// Whether the SDK, started in `folder`, would find a configuration; it looks 20 levels up.
    static boolean existsAbove(Path folder) {
        Path at = folder.toAbsolutePath().normalize();
        for (int level = 0; at != null && level < 20; level++, at = at.getParent()) {
            for (String name : List.of(".azureml/config.json", "aml_config/config.json", "config.json")) {
                if (Files.isRegularFile(at.resolve(name))) {
                    return true;
                }
            }
        }
        return false;
    }
}
