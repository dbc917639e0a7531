package atelier.datasets.internal;

import atelier.datasets.Location;
import atelier.datasets.TableEngine;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
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
import tools.jackson.databind.JsonNode;

/// Finds the files that are the table of a data asset: the file itself, or those of a folder that have one format.
/// A folder with an `MLTable` file is read by its `paths` (file, pattern, folder, relative to it).
public final class TableFiles {
    private static final int MOST_FILES = 1000;
    private static final int MLTABLE_BYTES = 1 << 20;
    private final Blobs blobs;

    public TableFiles(Blobs blobs) {
        this.blobs = blobs;
    }

    /// @param asset `name:version`, for messages
    public TableEngine.Source of(String asset, Location location) {
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
        List<Blob> tables = tables(all, prefix);
        if (tables.isEmpty()) {
            throw new Problem.Invalid(
                    "NotATable",
                    "Data asset '" + asset + "' is a folder of " + all.size()
                            + " files, none of which is a table (CSV, TSV, Parquet or JSON lines).",
                    null);
        }
        return source(tables);
    }

    private List<Blob> tables(List<Blob> all, String prefix) {
        Optional<Blob> description = all.stream()
                .filter(blob -> blob.path().name().equals(prefix + "MLTable"))
                .findFirst();
        List<PathMatcher> wanted = description.map(this::paths).orElse(List.of());
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

    private List<PathMatcher> paths(Blob description) {
        if (description.size() > MLTABLE_BYTES) {
            throw new Problem.Invalid("NotATable", "The MLTable file is larger than a description should be.", null);
        }
        String text;
        try (var in = blobs.open(description.path())) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<PathMatcher> matchers = new ArrayList<>();
        for (JsonNode path : Json.yaml(text).path("paths")) {
            if (path.has("file")) {
                matchers.add(glob(escape(path.path("file").asString())));
            } else if (path.has("pattern")) {
                matchers.add(glob(path.path("pattern").asString()));
            } else if (path.has("folder")) {
                String folder = relative(path.path("folder").asString());
                matchers.add(glob(folder.isEmpty() ? "**" : escape(folder) + "/**"));
            }
        }
        return matchers;
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
