package atelier.datasets.internal;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.datasets.TableEngine;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Finds the files that are the table of a data asset: the file itself, or those of a folder that have one format.
/// A folder with an `MLTable` file is read by its `paths` (file, pattern, folder): relative to it, or addresses.
public final class TableFiles {
    private static final int MOST_FILES = 1000;
    private static final int MLTABLE_BYTES = 1 << 20;
    private static final Pattern ADDRESS = Pattern.compile("[a-z]+:/?/.*|azureml:.*", Pattern.CASE_INSENSITIVE);
    private final Blobs blobs;
    private final DataUris uris;

    public TableFiles(Blobs blobs, DataUris uris) {
        this.blobs = blobs;
        this.uris = uris;
    }

    /// @param asset `name:version`, for messages
    public TableEngine.Source of(Workspace workspace, String asset, Location location) {
        if (!location.path().isEmpty()) {
            Optional<Blob> file = blobs.find(new BlobPath(location.container(), location.path()));
            if (file.isPresent()) {
                return source(List.of(file.get()));
            }
        }
        String prefix = location.path().isEmpty() ? "" : location.path() + "/";
        List<Blob> all =
                blobs.list(location.container(), prefix, null, MOST_FILES + 1).items();
        if (all.isEmpty()) {
            throw new Problem.NotFound(
                    "DataNotFound",
                    "Data asset '" + asset + "' points at '" + location.container() + "/" + location.path()
                            + "', where there is no file.");
        }
        if (all.size() > MOST_FILES) {
            throw new Problem.TooLarge(
                    "TooManyFiles", "Data asset '" + asset + "' has more than " + MOST_FILES + " files.");
        }
        Optional<Blob> description = all.stream()
                .filter(blob -> blob.path().name().equals(prefix + "MLTable"))
                .findFirst();
        List<Entry> entries = description.map(this::entries).orElse(List.of());
        List<Blob> elsewhere = new ArrayList<>();
        entries.stream()
                .filter(entry -> ADDRESS.matcher(entry.value()).matches())
                .forEach(entry -> elsewhere.addAll(addressed(workspace, entry)));
        if (!elsewhere.isEmpty()) {
            return source(elsewhere);
        }
        List<Blob> tables =
                tables(all, prefix, entries.stream().map(TableFiles::matcher).toList());
        if (tables.isEmpty()) {
            throw new Problem.Invalid(
                    "NotATable",
                    "Data asset '" + asset + "' is a folder of " + all.size()
                            + " files, none of which is a table (CSV, TSV, Parquet or JSON lines).",
                    null);
        }
        return source(tables);
    }

    /// What an entry of the `MLTable` file that is an address stands for.
    private List<Blob> addressed(Workspace workspace, Entry entry) {
        String value = entry.value();
        int glob = entry.kind().equals("pattern") ? firstOf(value, "*?[{") : -1;
        String root = glob < 0 ? value : value.substring(0, value.lastIndexOf('/', glob));
        Location place = uris.resolve(workspace, root);
        if (glob < 0 && !place.path().isEmpty()) {
            Optional<Blob> file = blobs.find(new BlobPath(place.container(), place.path()));
            if (file.isPresent()) {
                return List.of(file.get());
            }
        }
        String prefix = place.path().isEmpty() ? "" : place.path() + "/";
        List<Blob> all = blobs.list(place.container(), prefix, null, MOST_FILES).items();
        List<PathMatcher> wanted =
                glob < 0 ? List.of() : List.of(glob(value.substring(value.lastIndexOf('/', glob) + 1)));
        List<Blob> tables = tables(all, prefix, wanted);
        if (tables.isEmpty()) {
            throw new Problem.NotFound(
                    "DataNotFound", "The MLTable file names '" + value + "', where there is no table.");
        }
        return tables;
    }

    private static int firstOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<Blob> tables(List<Blob> all, String prefix, List<PathMatcher> wanted) {
        List<Blob> tables = new ArrayList<>();
        TableFormat format = null;
        for (Blob blob : all) {
            String relative = blob.path().name().substring(prefix.length());
            String name = relative.substring(relative.lastIndexOf('/') + 1);
            Optional<TableFormat> its = TableFormat.of(name);
            boolean hidden = name.startsWith("_") || name.startsWith(".");
            boolean named = wanted.isEmpty() || wanted.stream().anyMatch(matcher -> matcher.matches(Path.of(relative)));
            if (its.isEmpty() || hidden || !named || blob.size() == 0) {
                continue;
            }
            if (format != null && format != its.get()) {
                throw new Problem.Invalid(
                        "NotATable",
                        "The folder has tables of several formats ('"
                                + tables.getFirst().path().name() + "', '"
                                + blob.path().name() + "'); a table is made of one.",
                        null);
            }
            format = its.get();
            tables.add(blob);
        }
        return tables;
    }

    /// A line of `paths`.
    ///
    /// @param kind `file`, `pattern` or `folder`
    private record Entry(String kind, String value) {}

    private List<Entry> entries(Blob description) {
        if (description.size() > MLTABLE_BYTES) {
            throw new Problem.Invalid("NotATable", "The MLTable file is larger than a description should be.", null);
        }
        String text;
        try (var in = blobs.open(description.path())) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode path : Json.yaml(text).path("paths")) {
            for (String kind : List.of("file", "pattern", "folder")) {
                if (path.has(kind)) {
                    entries.add(new Entry(kind, path.path(kind).asString("")));
                }
            }
        }
        return entries;
    }

    private static PathMatcher matcher(Entry entry) {
        return switch (entry.kind()) {
            case "file" -> glob(escape(entry.value()));
            case "pattern" -> glob(entry.value());
            default -> {
                String folder = relative(entry.value());
                yield glob(folder.isEmpty() ? "**" : escape(folder) + "/**");
            }
        };
    }

    private static PathMatcher glob(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + relative(pattern));
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("NotATable", "The MLTable file has a pattern that cannot be read.", "paths");
        }
    }

    private static String relative(String path) {
        String text = path.startsWith("./") ? path.substring(2) : path;
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text.equals(".") ? "" : text;
    }

    private static String escape(String path) {
        return path.replaceAll("([\\\\*?\\[\\]{}])", "\\\\$1");
    }

    private static TableEngine.Source source(List<Blob> tables) {
        MessageDigest digest = sha256();
        for (Blob blob : tables) {
            digest.update((blob.path() + "\n" + blob.etag() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String name = tables.getFirst().path().name();
        String label = tables.size() == 1 ? name.substring(name.lastIndexOf('/') + 1) : tables.size() + " files";
        return new TableEngine.Source(HexFormat.of().formatHex(digest.digest()), label, tables);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
