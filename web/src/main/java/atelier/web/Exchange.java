package atelier.web;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One request, as a handler sees it. Path parameters and query are decoded once; the body is a stream.
public interface Exchange {
    /// Largest JSON body read into memory, in bytes.
    int JSON_LIMIT = 64 * 1024 * 1024;

    String method();

    /// The path as sent, not decoded.
    String rawPath();

    /// The query as sent, not decoded; null when there is none.
    @Nullable
    String rawQuery();

    /// A path parameter of the route's template, decoded once.
    String path(String name);

    /// All query parameters in order.
    Map<String, List<String>> queries();

    /// The first value of a request header.
    @Nullable
    String header(String name);

    /// All request headers in order, names as sent.
    List<Map.Entry<String, String>> headers();

    /// The body as a stream; reading it twice is not possible.
    InputStream body();

    /// Announced length of the body in bytes; -1 when chunked.
    long contentLength();

    /// Whether the request came over TLS.
    boolean secure();

    /// `https://host:port` as the client addressed this server.
    String baseUrl();

    /// The id given to this request; it stands in `x-ms-request-id` and in the log.
    String requestId();

    /// Who calls; null when the request has no credential (only on open routes).
    @Nullable
    Caller callerIfKnown();

    /// Who calls.
    default Caller caller() {
        Caller caller = callerIfKnown();
        if (caller == null) {
            throw new Problem.Unauthenticated(
                    "This address needs a caller. Send 'Authorization: Bearer <token>'; `atelier env` prints one.");
        }
        return caller;
    }

    default @Nullable String query(String name) {
        List<String> values = queries().get(name);
        return values == null ? null : values.getFirst();
    }

    default String query(String name, String otherwise) {
        String value = query(name);
        return value == null ? otherwise : value;
    }

    default int query(String name, int otherwise) {
        String value = query(name);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("'" + name + "' must be a whole number, not '" + value + "'.", name);
        }
    }

    /// The whole body, at most `limit` bytes.
    default byte[] bytes(int limit) throws IOException {
        byte[] bytes = body().readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new Problem.TooLarge(
                    "RequestBodyTooLarge",
                    "The body is larger than " + limit + " bytes, which is the most that is taken at this address.");
        }
        return bytes;
    }

    /// The body as JSON; an empty body is an empty object.
    default JsonNode json() throws IOException {
        byte[] bytes = bytes(JSON_LIMIT);
        return bytes.length == 0 ? Json.object() : JsonBodies.parse(bytes);
    }

    /// The body as a JSON object.
    default ObjectNode jsonObject() throws IOException {
        if (json() instanceof ObjectNode object) {
            return object;
        }
        throw new Problem.Invalid("InvalidJson", "The body must be a JSON object.", null);
    }
}
