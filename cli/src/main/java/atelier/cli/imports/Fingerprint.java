package atelier.cli.imports;

import atelier.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What tells whether a thing is still the one that an earlier import took.
final class Fingerprint {
    private Fingerprint() {}

    /// Databases order texts in their own ways, so names are sorted here, and so are lists of things; points are not.
    private static String canonical(JsonNode node) {
        if (node.isObject()) {
            return new TreeSet<>(node.propertyNames())
                    .stream()
                            .map(name -> Json.write(name) + ":" + canonical(node.path(name)))
                            .collect(Collectors.joining(",", "{", "}"));
        }
        if (node.isArray()) {
            Stream<String> each = node.valueStream().map(Fingerprint::canonical);
            return (node.path(0).isObject() ? each.sorted() : each).collect(Collectors.joining(",", "[", "]"));
        }
        return Json.write(node);
    }

    /// SHA-256 of what is recorded; the same whether it was read from the database or over HTTP.
    static String of(String experiment, ObjectNode body, ObjectNode latest) {
        ObjectNode told = body.deepCopy();
        // Only the database knows it.
        told.remove("deletedAt");
        String text = experiment + "\n" + canonical(told) + "\n" + canonical(latest);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
