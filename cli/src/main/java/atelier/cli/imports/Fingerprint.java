package atelier.cli.imports;

import atelier.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/// What tells whether a thing is still the one that an earlier import took.
final class Fingerprint {
    private Fingerprint() {}

    /// SHA-256 of what is recorded; the same whether it was read from the database or over HTTP.
    static String of(String experiment, ObjectNode body, ObjectNode latest) {
        ObjectNode told = body.deepCopy();
        // Only the database knows it.
        told.remove("deletedAt");
        String text = experiment + "\n" + Json.write(told) + "\n" + Json.write(latest);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
