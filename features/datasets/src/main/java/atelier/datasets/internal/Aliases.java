package atelier.datasets.internal;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The file that gives well-known addresses of the web a copy on this machine: `aliases.yaml` (JSON is YAML too) in the
/// data folder. It is read again when it changes.
///
/// ```yaml
/// fetch: false                       # no address that is not below is fetched; true when it is left out
/// aliases:
///   - url: https://example.org/data/ # an address, or the beginning of addresses
///     path: /srv/data                # a file or folder of this machine, or relative to this file
///   - url: https://example.org/iris.csv
///     address: azureml://datastores/workspaceblobstore/paths/copies/iris.csv
/// ```
public final class Aliases {
    /// The file's name in the data folder.
    public static final String FILE = "aliases.yaml";

    private static final List<String> KEYS = List.of("aliases", "fetch");
    private static final List<String> ENTRY_KEYS = List.of("url", "path", "address");
    private static final Pattern WASBS =
            Pattern.compile("(?:wasbs?|abfss?)://([^@/]+)@([^/.]+)\\.(?:blob|dfs)\\.([^/]+)(?:/(.*))?");
    private static final Map EMPTY = new Map(List.of(), true);
    private final Path file;
    private @Nullable FileTime readAt;
    private Map map = EMPTY;

    public Aliases(Path file) {
        this.file = file;
    }

    /// What an address stands for.
    sealed interface Target {
        /// @param root the folder or file that the file names; what is read stays within it
        record Local(Path root, Path path) implements Target {}

        record Address(String uri) implements Target {}
    }

    private record Entry(
            String prefix,
            String url,
            @Nullable Path path,
            @Nullable String address) {}

    private record Map(List<Entry> entries, boolean fetch) {}

    Path file() {
        return file;
    }

    /// Whether addresses that are not in the file may be fetched.
    boolean mayFetch() {
        return current().fetch();
    }

    /// The longest entry that the address is, or is below.
    Optional<Target> find(String uri) {
        String key = key(uri);
        return current().entries().stream()
                .filter(entry -> covers(entry.prefix(), key))
                .max(Comparator.comparingInt(entry -> entry.prefix().length()))
                .map(entry -> target(entry, key.substring(entry.prefix().length())));
    }

    private static boolean covers(String prefix, String key) {
        return key.equals(prefix) || key.startsWith(prefix) && key.charAt(prefix.length()) == '/';
    }

    private static Target target(Entry entry, String rest) {
        String relative = rest.startsWith("/") ? rest.substring(1) : rest;
        if (entry.address() != null) {
            String base = entry.address();
            return new Target.Address(relative.isEmpty() ? base : base + (base.endsWith("/") ? "" : "/") + relative);
        }
        Path root = java.util.Objects.requireNonNull(entry.path());
        Path path = root.resolve(relative).normalize();
        if (!path.startsWith(root)) {
            throw new Problem.Invalid(
                    "InvalidDataUri",
                    "'" + relative + "' leaves the folder that stands for " + entry.url() + ".",
                    "uri");
        }
        return new Target.Local(root, path);
    }

    /// An address without scheme, query and case of its host, decoded; `wasbs://` as the `https://` it means.
    static String key(String uri) {
        Matcher wasbs = WASBS.matcher(uri);
        String web = wasbs.matches()
                ? "https://" + wasbs.group(2) + ".blob." + wasbs.group(3) + "/" + wasbs.group(1)
                        + (wasbs.group(4) == null ? "" : "/" + wasbs.group(4))
                : uri;
        String bare = web.replaceFirst("^https?://", "").replaceFirst("[?#].*$", "");
        int slash = bare.indexOf('/');
        String host = (slash < 0 ? bare : bare.substring(0, slash)).toLowerCase(Locale.ROOT);
        return slash < 0 ? host : host + decoded(bare.substring(slash));
    }

    private static String decoded(String path) {
        try {
            String plain = URI.create("https://x" + path.replace(" ", "%20")).getPath();
            return plain == null ? path : plain;
        } catch (IllegalArgumentException e) {
            return path; // odd characters stand for themselves
        }
    }

    private synchronized Map current() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (!changed.equals(readAt)) {
                map = parse(Files.readString(file));
                readAt = changed;
            }
        } catch (java.nio.file.NoSuchFileException e) {
            map = EMPTY;
            readAt = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return map;
    }

    private Map parse(String text) {
        JsonNode root;
        try {
            root = Json.yaml(text);
        } catch (Problem e) {
            throw wrong("is no YAML: " + e.message());
        }
        if (root.isNull() || root.isMissingNode()) {
            return EMPTY;
        }
        known(root, KEYS);
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : root.path("aliases")) {
            known(entry, ENTRY_KEYS);
            entries.add(entry(entry));
        }
        JsonNode fetch = root.path("fetch");
        if (!fetch.isMissingNode() && !fetch.isBoolean()) {
            throw wrong("says 'fetch: " + fetch.asString("") + "'; it is true or false");
        }
        return new Map(List.copyOf(entries), fetch.asBoolean(true));
    }

    private Entry entry(JsonNode entry) {
        String url = entry.path("url").asString("");
        if (!url.matches("(?i)(https?|wasbs?|abfss?)://.+")) {
            throw wrong("has an entry whose 'url' is '" + url + "'; it is an https:// or wasbs:// address");
        }
        String path = entry.path("path").asString("");
        String address = entry.path("address").asString("");
        if (path.isEmpty() == address.isEmpty()) {
            throw wrong("has an entry for " + url + " that needs either 'path' or 'address'");
        }
        if (!address.isEmpty() && !address.startsWith("azureml:")) {
            throw wrong("gives " + url + " the address '" + address + "'; it starts with azureml:");
        }
        Path folder = java.util.Objects.requireNonNull(file.toAbsolutePath().getParent());
        return new Entry(
                key(url).replaceAll("/+$", ""),
                url,
                path.isEmpty() ? null : folder.resolve(path).normalize(),
                address.isEmpty() ? null : address);
    }

    private void known(JsonNode node, List<String> keys) {
        if (!node.isObject()) {
            throw wrong("has '" + node + "' where a mapping of " + String.join(", ", keys) + " belongs");
        }
        for (java.util.Map.Entry<String, JsonNode> field : node.properties()) {
            if (!keys.contains(field.getKey())) {
                throw wrong("has an unknown key '" + field.getKey() + "'; known are " + String.join(", ", keys) + "."
                        + Nearest.hint(field.getKey(), keys));
            }
        }
    }

    private Problem wrong(String what) {
        return new Problem.Invalid("InvalidAliases", "The file " + file + " " + what + ".", FILE);
    }
}
