package atelier.schemas;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.schemas.FieldTable.Field;
import atelier.schemas.FieldTable.Shape;
import atelier.schemas.FieldTable.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Walks one tree along its type and collects what does not fit.
final class Checker {
    /// What says which of several mappings one is.
    private static final List<String> DISCRIMINATORS = List.of("type", "task");

    private static final Set<String> TRUTHS = Set.of("yes", "no", "on", "off", "true", "false");

    private final FieldTable table;
    private final Map<String, Mark> marks;

    Checker(FieldTable table, Map<String, Mark> marks) {
        this.table = table;
        this.marks = marks;
    }

    private Mistake at(String pointer, String message) {
        Mark mark = YamlText.mark(marks, pointer);
        return new Mistake(mark.line(), mark.column(), pointer, message);
    }

    /// `what` with its article, for sentences.
    List<Mistake> mapping(JsonNode node, String pointer, String typeName, String what) {
        Type type = Objects.requireNonNull(table.types().get(typeName), typeName);
        List<Mistake> mistakes = new ArrayList<>();
        for (var each : node.properties()) {
            String name = each.getKey();
            String inside = pointer + "/" + YamlText.step(name);
            Field field = type.fields().get(name);
            if (field != null) {
                // A field that is given as null is one that is not given.
                if (!each.getValue().isNull()) {
                    mistakes.addAll(check(each.getValue(), inside, field.shape()));
                }
            } else if (!type.open() && !type.readOnly().contains(name)) {
                mistakes.add(at(
                        inside,
                        "'" + name + "' is not a field of " + what + "."
                                + Nearest.hint(name, type.fields().keySet())));
            }
        }
        type.fields().forEach((name, field) -> {
            JsonNode given = node.path(name);
            if (field.required() && (given.isMissingNode() || given.isNull())) {
                mistakes.add(at(pointer, what + " needs '" + name + "'."));
            }
        });
        return mistakes;
    }

    private List<Mistake> check(JsonNode node, String pointer, Shape shape) {
        return switch (shape) {
            case Shape.Scalar scalar -> scalar(node, pointer, scalar.name());
            case Shape.Words words -> words(node, pointer, words.words());
            case Shape.Listing list -> list(node, pointer, list.of());
            case Shape.Mapping map -> map(node, pointer, map.of());
            case Shape.Either either -> either(node, pointer, either.shapes());
            case Shape.Ref ref ->
                node.isObject()
                        ? mapping(node, pointer, ref.type(), "'" + last(pointer) + "'")
                        : List.of(at(pointer, "'" + last(pointer) + "' must be a mapping, not " + said(node) + "."));
        };
    }

    private List<Mistake> list(JsonNode node, String pointer, Shape of) {
        if (!node.isArray()) {
            return List.of(at(pointer, "'" + last(pointer) + "' must be a list, not " + said(node) + "."));
        }
        List<Mistake> mistakes = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            mistakes.addAll(check(node.path(i), pointer + "/" + i, of));
        }
        return mistakes;
    }

    private List<Mistake> map(JsonNode node, String pointer, Shape of) {
        if (!node.isObject()) {
            return List.of(at(pointer, "'" + last(pointer) + "' must be a mapping, not " + said(node) + "."));
        }
        List<Mistake> mistakes = new ArrayList<>();
        for (var each : node.properties()) {
            if (!each.getValue().isNull()) {
                mistakes.addAll(check(each.getValue(), pointer + "/" + YamlText.step(each.getKey()), of));
            }
        }
        return mistakes;
    }

    private List<Mistake> scalar(JsonNode node, String pointer, String name) {
        if (name.equals("any") || isExpression(node)) {
            return List.of();
        }
        boolean fits = switch (name) {
            case "int" -> node.isIntegralNumber() || text(node).matches("[+-]?\\d+") || whole(node);
            case "num" -> node.isNumber() || isNumber(text(node));
            case "bool" -> node.isBoolean() || TRUTHS.contains(text(node).toLowerCase(Locale.ROOT));
            default -> node.isValueNode();
        };
        String needed = switch (name) {
            case "int" -> "a whole number";
            case "num" -> "a number";
            case "bool" -> "true or false";
            default -> "text";
        };
        return fits
                ? List.of()
                : List.of(at(pointer, "'" + last(pointer) + "' must be " + needed + ", not " + said(node) + "."));
    }

    private static boolean whole(JsonNode node) {
        return node.isNumber() && node.asDouble() == Math.rint(node.asDouble());
    }

    private static boolean isNumber(String text) {
        return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    }

    private List<Mistake> words(JsonNode node, String pointer, List<String> words) {
        if (isExpression(node)) {
            return List.of();
        }
        if (!node.isValueNode()) {
            return List.of(at(
                    pointer,
                    "'" + last(pointer) + "' must be one of " + String.join(", ", words) + ", not " + said(node)
                            + "."));
        }
        String given = text(node);
        return isOne(given, words)
                ? List.of()
                : List.of(at(
                        pointer,
                        "'" + given + "' is not one of " + String.join(", ", words) + "."
                                + Nearest.hint(given, words)));
    }

    /// As the official client compares them: `AmlCompute` and `amlcompute`, `RO_MOUNT` and `ro_mount` are the same.
    private static boolean isOne(String given, List<String> words) {
        String plain = plain(given);
        return words.stream().anyMatch(word -> plain(word).equals(plain));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    private List<Mistake> either(JsonNode node, String pointer, List<Shape> shapes) {
        if (node.isObject()) {
            return eitherMapping(node, pointer, shapes);
        }
        List<List<Mistake>> tries = new ArrayList<>();
        for (Shape shape : shapes) {
            boolean possible = node.isArray() ? shape instanceof Shape.Listing : isForScalars(shape);
            if (possible) {
                List<Mistake> found = check(node, pointer, shape);
                if (found.isEmpty()) {
                    return found;
                }
                tries.add(found);
            }
        }
        return fewest(tries)
                .orElseGet(() ->
                        List.of(at(pointer, "'" + last(pointer) + "' must be a mapping, not " + said(node) + ".")));
    }

    private static boolean isForScalars(Shape shape) {
        return shape instanceof Shape.Scalar || shape instanceof Shape.Words;
    }

    private static java.util.Optional<List<Mistake>> fewest(List<List<Mistake>> tries) {
        return tries.stream().min(java.util.Comparator.comparingInt(List::size));
    }

    private List<Mistake> eitherMapping(JsonNode node, String pointer, List<Shape> shapes) {
        if (shapes.contains(new Shape.Scalar("any"))) {
            return List.of();
        }
        List<Shape> possible = new ArrayList<>();
        shapes.stream()
                .filter(shape -> shape instanceof Shape.Ref || shape instanceof Shape.Mapping)
                .forEach(possible::add);
        for (String name : DISCRIMINATORS) {
            JsonNode given = node.path(name);
            if (!given.isString() || isExpression(given)) {
                continue;
            }
            Set<String> known = new LinkedHashSet<>();
            List<Shape> fitting = possible.stream()
                    .filter(shape -> fits(shape, name, given.asString(), known))
                    .toList();
            if (fitting.isEmpty() && !known.isEmpty()) {
                return words(given, pointer + "/" + name, List.copyOf(known));
            }
            if (!fitting.isEmpty()) {
                possible = new ArrayList<>(fitting);
            }
        }
        List<List<Mistake>> tries =
                possible.stream().map(shape -> check(node, pointer, shape)).toList();
        return fewest(tries)
                .orElseGet(() -> List.of(at(pointer, "'" + last(pointer) + "' must be text, not a mapping.")));
    }

    /// Whether the type has this word in its discriminator; types without one fit, words of the others are collected.
    private boolean fits(Shape shape, String name, String word, Set<String> known) {
        if (!(shape instanceof Shape.Ref ref)) {
            return false;
        }
        Field field = Objects.requireNonNull(table.types().get(ref.type()), ref.type())
                .fields()
                .get(name);
        if (field == null) {
            return false;
        }
        List<String> words = new ArrayList<>();
        boolean free = collect(field.shape(), words);
        known.addAll(words);
        return free || isOne(word, words);
    }

    private static boolean collect(Shape shape, List<String> words) {
        return switch (shape) {
            case Shape.Words given -> {
                words.addAll(given.words());
                yield false;
            }
            case Shape.Either either -> {
                boolean free = false;
                for (Shape each : either.shapes()) {
                    free |= collect(each, words);
                }
                yield free;
            }
            default -> true;
        };
    }

    private static boolean isExpression(JsonNode node) {
        return node.isString() && node.asString().contains("${{");
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.asString() : node.isValueNode() ? node.toString() : "";
    }

    private static String said(JsonNode node) {
        if (node.isObject()) {
            return "a mapping";
        }
        if (node.isArray()) {
            return "a list";
        }
        String text = node.isString() ? "'" + node.asString() + "'" : Json.write(node);
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static String last(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1)
                .replace("~1", "/")
                .replace("~0", "~");
    }
}
