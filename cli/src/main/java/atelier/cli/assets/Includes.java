package atelier.cli.assets;

import atelier.cli.CliError;
import atelier.cli.snapshot.Snapshot;
import atelier.cli.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// `additional_includes`: files and folders from elsewhere that are uploaded together with the code. Each stands in the
/// snapshot under its own name, as azure-ai-ml lays them.
final class Includes {
    private Includes() {}

    /// Lays code and includes into one folder, uploads it and removes it again.
    static String together(YamlFile file, String code, JsonNode includes, Function<Path, String> upload) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("atelier-code");
            Path own = code.isEmpty() ? null : file.local(code);
            Path into = folder.resolve(own == null ? "code" : String.valueOf(own.getFileName()));
            Files.createDirectories(into);
            if (own != null && Files.exists(own)) {
                copy(own, into);
            }
            for (int i = 0; i < includes.size(); i++) {
                JsonNode include = includes.path(i);
                if (!include.isString()) {
                    throw file.error("/additional_includes/" + i, "an include is a path on this machine.");
                }
                Path from = file.local(include.asString());
                if (!Files.exists(from)) {
                    throw file.error("/additional_includes/" + i, "there is no file or folder " + from + ".");
                }
                Path to = into.resolve(String.valueOf(from.getFileName()));
                if (Files.exists(to)) {
                    throw file.error(
                            "/additional_includes/" + i, "'" + from.getFileName() + "' is in the code already.");
                }
                if (Files.isDirectory(from)) {
                    copy(from, to);
                } else {
                    Files.copy(from, to);
                }
            }
            return upload.apply(into);
        } catch (IOException e) {
            throw new CliError("The code of " + file.path() + " cannot be put together: " + e.getMessage(), e);
        } finally {
            remove(folder);
        }
    }

    /// What a snapshot of `from` has, without what its ignore file leaves out.
    private static void copy(Path from, Path to) throws IOException {
        for (Snapshot.Entry entry : Snapshot.of(from).entries()) {
            Path target = Files.isDirectory(from) ? to.resolve(entry.name()) : to.resolve(from.getFileName());
            Path parent = target.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.copy(entry.file(), target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static void remove(@org.jspecify.annotations.Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            // The system clears its folder of temporary files.
        }
    }
}
