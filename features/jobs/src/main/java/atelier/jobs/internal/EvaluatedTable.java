package atelier.jobs.internal;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The files that an `MLTable` stands for (modes `eval_mount` and `eval_download`): those of its `paths`, not the
/// table's own folder. What lies below the table keeps its path; of an address, what follows the entry's own folder
/// remains. Steps that read and change rows do not change which files there are.
final class EvaluatedTable {
    private static final int LARGEST = 1 << 20;
    private static final int PAGE = 1000;
    private static final Pattern ADDRESS = Pattern.compile("[a-z]+:/?/.*|azureml:.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern GLOB = Pattern.compile("[*?\\[{]");
    private final Blobs blobs;
    private final DataUris uris;

    EvaluatedTable(Blobs blobs, DataUris uris) {
        this.blobs = blobs;
        this.uris = uris;
    }

    /// @param table the folder with the file `MLTable`
    /// @param input for messages
    /// @return how many files were copied; empty when there is no file `MLTable`
    Optional<Integer> fetch(Workspace workspace, Location table, String input, Path folder) throws IOException {
        BlobPath description =
                new BlobPath(table.container(), table.child("MLTable").path());
        if (table.path().isEmpty() || blobs.find(description).isEmpty()) {
            return Optional.empty();
        }
        JsonNode paths = read(description, input).path("paths");
        int files = 0;
        for (JsonNode entry : paths) {
            for (String kind : new String[] {"file", "folder", "pattern"}) {
                String value = entry.path(kind).asString("");
                if (!value.isEmpty()) {
                    files += entry(workspace, table, kind, value, input, folder);
                }
            }
        }
        return Optional.of(files);
    }

    private JsonNode read(BlobPath description, String input) throws IOException {
        try (InputStream in = blobs.open(description)) {
            JsonNode table = Json.yaml(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
            if (!table.path("paths").isArray()) {
                throw invalid(input, "has no list 'paths'");
            }
            return table;
        }
    }

    private int entry(Workspace workspace, Location table, String kind, String value, String input, Path folder)
            throws IOException {
        var glob = GLOB.matcher(value);
        int first = kind.equals("pattern") && glob.find() ? glob.start() : -1;
        String fixed = first < 0 ? value : value.substring(0, value.lastIndexOf('/', first) + 1);
        boolean address = ADDRESS.matcher(value).matches();
        String below = address ? "" : plain(fixed, input);
        Location root =
                address ? uris.resolve(workspace, trimmed(fixed)) : below.isEmpty() ? table : table.child(below);
        if (first < 0) {
            Optional<Blob> file =
                    root.path().isEmpty() ? Optional.empty() : blobs.find(new BlobPath(root.container(), root.path()));
            if (file.isPresent()) {
                String name = root.path().substring(root.path().lastIndexOf('/') + 1);
                copy(file.get(), address ? name : below, input, folder);
                return 1;
            }
        }
        Predicate<String> wanted = first < 0 ? _ -> true : matching(value.substring(fixed.length()), input);
        int files = folder(root, below, wanted, input, folder);
        if (files == 0) {
            throw invalid(input, "names '" + value + "', where there is no file");
        }
        return files;
    }

    private int folder(Location root, String below, Predicate<String> wanted, String input, Path folder)
            throws IOException {
        String prefix = root.path().isEmpty() ? "" : root.path() + "/";
        int files = 0;
        String marker = null;
        do {
            var page = blobs.list(root.container(), prefix, marker, PAGE);
            for (Blob blob : page.items()) {
                String relative = blob.path().name().substring(prefix.length());
                if (wanted.test(relative)) {
                    copy(blob, below.isEmpty() ? relative : below + "/" + relative, input, folder);
                    files++;
                }
            }
            marker = page.next();
        } while (marker != null);
        return files;
    }

    private static Predicate<String> matching(String pattern, String input) {
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            // As the field's own reader has it, `**/x` is also `x`.
            PathMatcher here = pattern.startsWith("**/")
                    ? FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(3))
                    : matcher;
            return name -> matcher.matches(Path.of(name)) || here.matches(Path.of(name));
        } catch (IllegalArgumentException e) {
            throw invalid(input, "has a pattern that cannot be read: '" + pattern + "'");
        }
    }

    private void copy(Blob blob, String name, String input, Path folder) throws IOException {
        Path target = folder.resolve(name).normalize();
        if (!target.startsWith(folder)) {
            throw invalid(input, "names a file outside of its folder");
        }
        if (Files.exists(target)) {
            throw invalid(input, "names two files that would both be '" + name + "'");
        }
        Files.createDirectories(target.getParent());
        try (InputStream in = blobs.open(blob.path())) {
            Files.copy(in, target);
        }
    }

    /// A path below the table, without `./` and the last `/`.
    private static String plain(String path, String input) {
        String plain = Path.of(path).normalize().toString();
        if (plain.startsWith("..") || plain.startsWith("/")) {
            throw invalid(input, "names '" + path + "', which is outside of its folder; give an address");
        }
        return plain;
    }

    private static String trimmed(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    private static Problem invalid(String input, String what) {
        return new Problem.Invalid(
                "InvalidMLTable", "The MLTable of input '" + input + "' " + what + ".", "inputs." + input);
    }
}
