package atelier.web;

import atelier.kernel.Json;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a handler answers: status, headers and a body that is either empty, bytes, or a stream.
/// Immutable; the `with…` methods return a changed copy.
public final class Response {
    private static final byte[] NOTHING = new byte[0];
    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte @Nullable [] bytes;
    private final @Nullable BodyWriter writer;
    private final long length;

    private Response(
            int status,
            List<Map.Entry<String, String>> headers,
            byte @Nullable [] bytes,
            @Nullable BodyWriter writer,
            long length) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.bytes = bytes;
        this.writer = writer;
        this.length = length;
    }

    public static Response status(int status) {
        return new Response(status, List.of(), NOTHING, null, 0);
    }

    public static Response json(int status, Object value) {
        return bytes(status, "application/json; charset=utf-8", Json.MAPPER.writeValueAsBytes(value));
    }

    public static Response ok(Object value) {
        return json(200, value);
    }

    public static Response text(int status, String text) {
        return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response bytes(int status, String contentType, byte[] bytes) {
        return new Response(status, List.of(Map.entry("Content-Type", contentType)), bytes, null, bytes.length);
    }

    /// A streamed body. `length` in bytes when known (sent as Content-Length), otherwise -1 (chunked).
    public static Response stream(int status, String contentType, long length, BodyWriter writer) {
        return new Response(status, List.of(Map.entry("Content-Type", contentType)), null, writer, length);
    }

    /// Streams `in` and closes it.
    public static Response stream(int status, String contentType, long length, InputStream in) {
        return stream(status, contentType, length, out -> {
            try (in) {
                in.transferTo(out);
            }
        });
    }

    /// Adds a header; replaces one of the same name.
    public Response header(String name, String value) {
        List<Map.Entry<String, String>> changed = new ArrayList<>(headers);
        changed.removeIf(h -> h.getKey().equalsIgnoreCase(name));
        changed.add(Map.entry(name, value));
        return new Response(status, changed, bytes, writer, length);
    }

    /// Adds a header beside others of the same name (Set-Cookie).
    public Response addHeader(String name, String value) {
        List<Map.Entry<String, String>> changed = new ArrayList<>(headers);
        changed.add(Map.entry(name, value));
        return new Response(status, changed, bytes, writer, length);
    }

    /// Announces `length` bytes without sending them: what a HEAD request answers.
    public Response withLength(long length) {
        return new Response(status, headers, NOTHING, null, length);
    }

    /// A JSON body changed by `change`; other bodies as they are.
    public Response mapJson(UnaryOperator<JsonNode> change) {
        byte[] body = bytes;
        String type = header("Content-Type");
        if (body == null || body.length == 0 || type == null || !type.startsWith("application/json")) {
            return this;
        }
        JsonNode changed = change.apply(Json.MAPPER.readTree(body));
        byte[] written = Json.MAPPER.writeValueAsBytes(changed);
        return new Response(status, headers, written, null, written.length);
    }

    /// The same answer with another status.
    public Response withStatus(int other) {
        return new Response(other, headers, bytes, writer, length);
    }

    public int status() {
        return status;
    }

    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    public @Nullable String header(String name) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    byte @Nullable [] bytes() {
        return bytes;
    }

    @Nullable
    BodyWriter writer() {
        return writer;
    }

    long length() {
        return length;
    }
}
