package atelier.cli.imports;

import atelier.cli.CliError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where recorded artifact addresses lead: to a folder of this machine, to files that stay where they are, or nowhere.
final class OldFiles {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.\\-]+):.*");
    private final Map<String, String> moved = new LinkedHashMap<>();
    private final Function<String, Path> resolve;
    private final Remote remote;

    /// @param mappings `FROM=TO` each: addresses that begin with FROM are read below the folder TO
    /// @param resolve a relative path, from where the command was called
    OldFiles(List<String> mappings, Function<String, Path> resolve, Remote remote) {
        this.resolve = resolve;
        this.remote = remote;
        for (String mapping : mappings) {
            int split = mapping.indexOf('=');
            if (split <= 0 || split == mapping.length() - 1) {
                throw new CliError(
                        "--artifacts takes FROM=FOLDER, such as ./mlruns=/backup/mlruns, not '" + mapping + "'.");
            }
            Path folder = resolve.apply(mapping.substring(split + 1));
            if (!Files.isDirectory(folder)) {
                throw new CliError("--artifacts: there is no folder " + folder + ".");
            }
            moved.put(mapping.substring(0, split), folder.toString());
        }
    }

    /// Where an address leads.
    sealed interface Place {
        record Local(Path folder) implements Place {}

        /// The source hands them out.
        record Served() implements Place {}

        /// `s3://…` and the like: clients read them there.
        record Elsewhere(String uri) implements Place {}

        record Nowhere(String reason) implements Place {}
    }

    Place find(String uri) {
        for (Map.Entry<String, String> each : moved.entrySet()) {
            if (uri.startsWith(each.getKey())) {
                String rest = uri.substring(each.getKey().length()).replaceFirst("^/+", "");
                return new Place.Local(Path.of(each.getValue()).resolve(rest).normalize());
            }
        }
        if (remote.serves(uri)) {
            return new Place.Served();
        }
        var scheme = SCHEME.matcher(uri);
        if (!scheme.matches()) {
            return uri.isEmpty() ? new Place.Nowhere("no address is recorded") : new Place.Local(resolve.apply(uri));
        }
        return switch (scheme.group(1).toLowerCase(java.util.Locale.ROOT)) {
            case "file" -> local(uri);
            case "mlflow-artifacts" ->
                new Place.Nowhere("they were kept by an MLflow server; say in which folder:"
                        + " --artifacts mlflow-artifacts:/=FOLDER, or import from that server (http://…)");
            default -> new Place.Elsewhere(uri);
        };
    }

    private Place local(String uri) {
        try {
            String path = URI.create(uri.replace(" ", "%20")).getPath();
            return path == null ? new Place.Local(resolve.apply(uri.substring(5))) : new Place.Local(Path.of(path));
        } catch (IllegalArgumentException e) {
            return new Place.Nowhere("'" + uri + "' is no address of a folder");
        }
    }

    /// Paths of all files below a folder, in order; none when there is no folder. Links that lead out of it are left
    /// out.
    static List<String> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .forEach(file ->
                            paths.add(folder.relativize(file).toString().replace(java.io.File.separatorChar, '/')));
        }
        paths.sort(null);
        return paths;
    }
}
