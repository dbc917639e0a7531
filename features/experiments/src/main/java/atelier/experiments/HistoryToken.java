package atelier.experiments;

import atelier.experiments.internal.SqlMetrics.Place;
import atelier.mlflow.MlflowRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The page token of a metric's history: the place of the last point told, and of which run and key it is, so that
/// a page costs the same wherever it is and a token of another history is refused.
final class HistoryToken {
    private static final int BYTES = Integer.BYTES + 4 * Long.BYTES + 1;

    private HistoryToken() {}

    static String of(String runId, String key, Place place) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .putInt(query(runId, key))
                .putLong(place.seq())
                .putLong(place.step())
                .putLong(place.time())
                .putDouble(place.value())
                .put((byte) place.nan());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /// The place after which the page starts; the start of the history without a token.
    static Place place(String runId, String key, @Nullable String token) {
        if (token == null || token.isEmpty()) {
            return Place.START;
        }
        byte[] decoded;
        try {
            decoded = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw MlflowRequest.invalid("Invalid page token, could not base64-decode");
        }
        if (decoded.length != BYTES) {
            throw MlflowRequest.invalid("Invalid page token '" + token + "'");
        }
        ByteBuffer bytes = ByteBuffer.wrap(decoded);
        if (bytes.getInt() != query(runId, key)) {
            throw MlflowRequest.invalid("Invalid page token: it is of the history of another run or metric.");
        }
        return new Place(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getDouble(), bytes.get());
    }

    private static int query(String runId, String key) {
        CRC32 sum = new CRC32();
        sum.update((runId + "\n" + key).getBytes(StandardCharsets.UTF_8));
        return (int) sum.getValue();
    }
}
