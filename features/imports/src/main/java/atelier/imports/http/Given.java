package atelier.imports.http;

import atelier.experiments.Entry;
import atelier.experiments.Metric;
import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Fields of a JSON object, with complaints that say where they stand.
final class Given {
    private static final int MOST = 5000;
    private final JsonNode node;
    private final String at;

    Given(JsonNode node, String at) {
        this.node = node;
        this.at = at;
        if (!node.isObject()) {
            throw new Problem.Invalid("InvalidArgument", "'" + at + "' is not an object.", at);
        }
    }

    private String place(String field) {
        return at.isEmpty() ? field : at + "." + field;
    }

    Problem wrong(String field, String wanted) {
        return new Problem.Invalid("InvalidArgument", "'" + place(field) + "' " + wanted + ".", place(field));
    }

    /// The elements of a list of objects.
    List<Given> list(String field) {
        JsonNode list = node.path(field);
        if (list.isMissingNode()) {
            return List.of();
        }
        if (!list.isArray() || list.size() > MOST) {
            throw wrong(field, "is not a list of at most " + MOST + " objects");
        }
        List<Given> all = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            all.add(new Given(list.get(i), place(field) + "[" + i + "]"));
        }
        return all;
    }

    String text(String field) {
        JsonNode value = node.path(field);
        if (!value.isString()) {
            throw wrong(field, "is not a text");
        }
        return value.asString();
    }

    /// Not empty.
    String name(String field) {
        String text = text(field);
        if (text.isEmpty()) {
            throw wrong(field, "is empty");
        }
        return text;
    }

    @Nullable
    String textOrNull(String field) {
        return absent(field) ? null : text(field);
    }

    String textOr(String field, String other) {
        return absent(field) ? other : text(field);
    }

    private boolean absent(String field) {
        return node.path(field).isMissingNode() || node.path(field).isNull();
    }

    long whole(String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(field, "is not a whole number");
        }
        return value.asLong();
    }

    @Nullable
    Long wholeOrNull(String field) {
        return absent(field) ? null : whole(field);
    }

    long wholeOr(String field, long other) {
        return absent(field) ? other : whole(field);
    }

    String oneOf(String field, List<String> words) {
        String word = text(field);
        if (!words.contains(word)) {
            throw wrong(field, "is '" + word + "', not one of " + String.join(", ", words));
        }
        return word;
    }

    List<String> texts(String field) {
        List<String> all = new ArrayList<>();
        for (JsonNode each : node.path(field)) {
            if (!each.isString()) {
                throw wrong(field, "is not a list of texts");
            }
            all.add(each.asString());
        }
        return all;
    }

    /// `{"key": "value", …}`, in order of keys.
    List<Entry> entries(String field) {
        List<Entry> all = new ArrayList<>();
        map(field).forEach((key, value) -> all.add(new Entry(key, value)));
        return all;
    }

    Map<String, String> map(String field) {
        Map<String, String> all = new TreeMap<>();
        for (var each : node.path(field).properties()) {
            if (!each.getValue().isString()) {
                throw wrong(field + "." + each.getKey(), "is not a text");
            }
            all.put(each.getKey(), each.getValue().asString());
        }
        return all;
    }

    /// `{"loss": [[value, time, step], …], …}`, each in the order of logging; a value is a number, `"NaN"`,
    /// `"Infinity"`
    /// or `"-Infinity"`.
    List<Metric> points(String field) {
        List<Metric> all = new ArrayList<>();
        for (var key : node.path(field).properties()) {
            String where = field + "." + key.getKey();
            for (JsonNode point : key.getValue()) {
                if (point.size() != 3 || !isLong(point.get(1)) || !isLong(point.get(2))) {
                    throw wrong(where, "has a point that is not [value, time, step]");
                }
                all.add(new Metric(
                        key.getKey(),
                        value(where, point.get(0)),
                        point.get(1).asLong(),
                        point.get(2).asLong()));
            }
        }
        return all;
    }

    private static boolean isLong(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    double value(String field, JsonNode value) {
        if (value.isNumber()) {
            return value.asDouble();
        }
        return switch (value.asString("")) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw wrong(field, "has a value that is no number");
        };
    }

    double value(String field) {
        return value(field, node.path(field));
    }
}
