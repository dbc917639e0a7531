package atelier.mlflow;

import atelier.kernel.Json;
import atelier.web.Response;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes answers straight to bytes, without a tree: fields that are not set are left out, 64-bit numbers are JSON
/// numbers, a NaN is the string `"NaN"`.
public final class MlflowJson {
    private static final String JSON = "application/json; charset=utf-8";

    private MlflowJson() {}

    /// Writes the inside of one JSON object.
    @FunctionalInterface
    public interface Fields {
        void write(JsonGenerator json);
    }

    /// A small answer, held in memory.
    public static Response answer(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        write(bytes, fields);
        return Response.bytes(200, JSON, bytes.toByteArray());
    }

    /// An answer of any size, streamed.
    public static Response stream(Fields fields) {
        return Response.stream(200, JSON, -1, out -> write(out, fields));
    }

    /// `{}`.
    public static Response nothing() {
        return answer(_ -> {});
    }

    private static void write(OutputStream out, Fields fields) {
        try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
    }

    /// A nested object `name`.
    public static void object(JsonGenerator json, String name, Fields fields) {
        json.writeObjectPropertyStart(name);
        fields.write(json);
        json.writeEndObject();
    }

    /// How one item of a list is written.
    @FunctionalInterface
    public interface Item<T> {
        void write(JsonGenerator json, T item);
    }

    /// A list of objects; left out when empty.
    public static <T> void list(JsonGenerator json, String name, Iterable<T> items, Item<T> item) {
        var iterator = items.iterator();
        if (!iterator.hasNext()) {
            return;
        }
        json.writeArrayPropertyStart(name);
        while (iterator.hasNext()) {
            json.writeStartObject();
            item.write(json, iterator.next());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// A string, left out when null.
    public static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    public static void number(JsonGenerator json, String name, @Nullable Long value) {
        if (value != null) {
            json.writeNumberProperty(name, value.longValue());
        }
    }

    /// A double; NaN as `"NaN"`.
    public static void value(JsonGenerator json, String name, double value) {
        if (Double.isNaN(value)) {
            json.writeStringProperty(name, "NaN");
        } else {
            json.writeNumberProperty(name, value);
        }
    }
}
