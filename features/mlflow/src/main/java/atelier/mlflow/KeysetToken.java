package atelier.mlflow;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// A page token that names the last thing of a page by what it is ordered by, so that the next page starts there
/// whatever was added meanwhile. It carries a digest of the query and goes with that query only. Opaque to clients.
public final class KeysetToken {
    private KeysetToken() {}

    /// One value of a position.
    public enum Kind {
        LONG,
        DOUBLE,
        TEXT
    }

    /// @param query the query in words; equal for equal queries
    /// @param position `Long`, `Double`, `String` or null, most significant first
    public static String of(String query, List<? extends @Nullable Object> position) {
        ArrayNode values = Json.array().add(digest(query));
        for (Object value : position) {
            switch (value) {
                case null -> values.addNull();
                case Long n -> values.add(n);
                case Double n -> values.add(n);
                default -> values.add(value.toString());
            }
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(values.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// The position a token stands for.
    ///
    /// @param kinds of the values, any of which may be null
    /// @throws Problem when it is malformed or of another query
    public static List<@Nullable Object> read(String token, String query, List<Kind> kinds) {
        JsonNode values;
        try {
            values = Json.parse(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw MlflowRequest.invalid("Invalid page token, could not base64-decode");
        } catch (Problem.Invalid e) {
            throw malformed();
        }
        if (!values.isArray() || values.isEmpty() || !values.path(0).isString()) {
            throw malformed();
        }
        if (!values.path(0).asString().equals(digest(query))) {
            throw MlflowRequest.invalid(
                    "Invalid page token: it belongs to another search. Send it with the experiments,"
                            + " filter, order and view it was given out for, or search again without it.");
        }
        if (values.size() != kinds.size() + 1) {
            throw malformed();
        }
        List<@Nullable Object> position = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            position.add(value(values.path(i + 1), kinds.get(i)));
        }
        return Collections.unmodifiableList(position);
    }

    private static @Nullable Object value(JsonNode value, Kind kind) {
        if (value.isNull()) {
            return null;
        }
        boolean fits = switch (kind) {
            case LONG -> value.isIntegralNumber() && value.canConvertToLong();
            case DOUBLE -> value.isNumber() && Double.isFinite(value.asDouble());
            // PostgreSQL takes no NUL.
            case TEXT -> value.isString() && value.asString().indexOf('\0') < 0;
        };
        if (!fits) {
            throw malformed();
        }
        return switch (kind) {
            case LONG -> (Object) value.asLong();
            case DOUBLE -> value.asDouble();
            case TEXT -> value.asString();
        };
    }

    /// The complaint about a token that no search gave out.
    public static RuntimeException malformed() {
        return MlflowRequest.invalid("Invalid page token: it is not one that a search gave out.");
    }

    private static String digest(String query) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(query.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
