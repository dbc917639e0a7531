package atelier.storage;

import java.util.Locale;
import java.util.Map;

/// Media types by file name, for blobs written without one: those the studio shows, by the IANA registry.
final class ContentTypes {
    private static final Map<String, String> BY_SUFFIX = Map.ofEntries(
            Map.entry("csv", "text/csv"),
            Map.entry("tsv", "text/tab-separated-values"),
            Map.entry("txt", "text/plain"),
            Map.entry("log", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("py", "text/x-python"),
            Map.entry("html", "text/html"),
            Map.entry("css", "text/css"),
            Map.entry("js", "text/javascript"),
            Map.entry("json", "application/json"),
            Map.entry("yaml", "application/yaml"),
            Map.entry("yml", "application/yaml"),
            Map.entry("xml", "application/xml"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("zip", "application/zip"),
            Map.entry("gz", "application/gzip"),
            Map.entry("parquet", "application/vnd.apache.parquet"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("webp", "image/webp"));

    private ContentTypes() {}

    static String of(String name) {
        String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = BY_SUFFIX.get(suffix);
        if (type != null) {
            return type;
        }
        String file = name.substring(name.lastIndexOf('/') + 1);
        return file.equals("MLmodel") || file.equals("MLTable") ? "application/yaml" : ContentHeaders.BYTES;
    }
}
