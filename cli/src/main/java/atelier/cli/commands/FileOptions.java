package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.yaml.YamlFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `-f FILE [--set FIELD=VALUE ...] [--name NAME] [--version VERSION]`, for everything that is made from YAML.
final class FileOptions {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "the YAML file")
    private String file = "";

    @Option(names = "--set", paramLabel = "FIELD=VALUE", description = "changes a field: --set inputs.rate=0.1")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = {"-n", "--name"},
            description = "in place of the file's name")
    private @Nullable String name;

    YamlFile read(Session session) {
        YamlFile yaml = YamlFile.read(session.resolve(file));
        changes.forEach(yaml::set);
        if (name != null) {
            yaml.set("name=\"" + name.replace("\"", "") + "\"");
        }
        return yaml;
    }
}
