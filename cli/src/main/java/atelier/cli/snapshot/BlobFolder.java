package atelier.cli.snapshot;

import atelier.cli.CliError;
import atelier.cli.http.Api;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A folder in a blob container, reached by a URL that carries its own permission (SAS). Files above 64 MiB go up in
/// blocks of 16 MiB; nothing is held whole in memory.
public final class BlobFolder {
    private static final long SINGLE_PUT = 64L << 20;
    private static final int BLOCK = 16 << 20;
    private static final Pattern NAME = Pattern.compile("<Name>([^<]*)</Name>");
    private static final Pattern MARKER = Pattern.compile("<NextMarker>([^<]+)</NextMarker>");

    private final Api api;
    private final String container;
    private final String query;

    /// `container`: URL of the container (or of a folder in it) without query; `sas` without `?`.
    public BlobFolder(Api api, String container, String sas) {
        this.api = api;
        this.container = container.endsWith("/") ? container.substring(0, container.length() - 1) : container;
        this.query = sas.startsWith("?") ? sas.substring(1) : sas;
    }

    /// Metadata `x-ms-meta-…` of a blob by lower-case name, or empty when there is no such blob.
    public Optional<Map<String, String>> metadata(String name) {
        HttpResponse<String> response = api.upload(url(name, ""), "HEAD", BodyPublishers.noBody(), headers());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        checked(response, name);
        Map<String, String> found = new java.util.TreeMap<>();
        response.headers().map().forEach((key, values) -> {
            if (key.startsWith("x-ms-meta-")) {
                found.put(key.substring("x-ms-meta-".length()), values.getFirst());
            }
        });
        return Optional.of(found);
    }

    public void metadata(String name, Map<String, String> values) {
        Map<String, String> headers = new java.util.HashMap<>(headers());
        values.forEach((key, value) -> headers.put("x-ms-meta-" + key, value));
        checked(api.upload(url(name, "comp=metadata"), "PUT", BodyPublishers.noBody(), headers), name);
    }

    public void upload(Path file, String name) {
        try {
            if (Files.size(file) <= SINGLE_PUT) {
                Map<String, String> headers = new java.util.HashMap<>(headers());
                headers.put("x-ms-blob-type", "BlockBlob");
                headers.put("Content-Type", "application/octet-stream");
                checked(api.upload(url(name, ""), "PUT", BodyPublishers.ofFile(file), headers), name);
            } else {
                blocks(file, name);
            }
        } catch (FileNotFoundException e) {
            throw new CliError("There is no file " + file + " that can be read.", e);
        } catch (IOException e) {
            throw new CliError(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void blocks(Path file, String name) throws IOException {
        StringBuilder list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        try (FileChannel channel = FileChannel.open(file)) {
            int index = 0;
            for (long at = 0; at < channel.size(); at += BLOCK) {
                byte[] bytes = new byte[(int) Math.min(BLOCK, channel.size() - at)];
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {
                    // Reads until the block is full.
                }
                String id = Base64.getEncoder()
                        .encodeToString(String.format("%08d", index++).getBytes(StandardCharsets.US_ASCII));
                String part = url(name, "comp=block&blockid=" + encode(id));
                checked(api.upload(part, "PUT", BodyPublishers.ofByteArray(bytes), headers()), name);
                list.append("<Latest>").append(id).append("</Latest>");
            }
        }
        String body = list.append("</BlockList>").toString();
        checked(api.upload(url(name, "comp=blocklist"), "PUT", BodyPublishers.ofString(body), headers()), name);
    }

    /// Names of the blobs whose names start with `prefix`, in order.
    public List<String> list(String prefix) {
        List<String> names = new ArrayList<>();
        String marker = "";
        do {
            String page = container + "?restype=container&comp=list&prefix=" + encode(prefix)
                    + (marker.isEmpty() ? "" : "&marker=" + encode(marker))
                    + (query.isEmpty() ? "" : "&" + query);
            String body = checked(api.upload(page, "GET", BodyPublishers.noBody(), headers()), prefix);
            Matcher name = NAME.matcher(body);
            while (name.find()) {
                names.add(unescape(name.group(1)));
            }
            Matcher next = MARKER.matcher(body);
            marker = next.find() ? unescape(next.group(1)) : "";
        } while (!marker.isEmpty());
        return names;
    }

    /// Fetches one blob; the file appears whole or not at all.
    public void download(String name, Path to) {
        try {
            Path parent = to.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Path part = to.resolveSibling(to.getFileName() + ".part");
            try (InputStream in = api.open(url(name, "")).body()) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CliError(to + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static String checked(HttpResponse<String> response, String name) {
        if (response.statusCode() / 100 != 2) {
            if (response.body() == null || response.body().isBlank()) {
                throw new CliError("The storage answered " + response.statusCode() + " for '" + name + "'.");
            }
            throw Api.failure(response.statusCode(), response.body());
        }
        return response.body() == null ? "" : response.body();
    }

    private static Map<String, String> headers() {
        return Map.of("x-ms-version", "2023-11-03");
    }

    private String url(String name, String extra) {
        StringBuilder url = new StringBuilder(container);
        for (String part : name.split("/", -1)) {
            url.append('/').append(encode(part));
        }
        String separator = "?";
        for (String piece : new String[] {extra, query}) {
            if (!piece.isEmpty()) {
                url.append(separator).append(piece);
                separator = "&";
            }
        }
        return url.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String unescape(String xml) {
        return xml.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
    }
}
