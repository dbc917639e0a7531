package atelier.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The table of `fields.txt`: types by name, and the type of each kind of file.
record FieldTable(Map<String, Type> types, Map<String, String> kinds) {
    /// What a field may be.
    sealed interface Shape {
        /// text, int, num, bool or any
        record Scalar(String name) implements Shape {}

        record Words(List<String> words) implements Shape {}

        record Listing(Shape of) implements Shape {}

        record Mapping(Shape of) implements Shape {}

        record Either(List<Shape> shapes) implements Shape {}

        record Ref(String type) implements Shape {}
    }

    record Field(Shape shape, boolean required) {}

    /// A mapping with known fields; an open one may have others.
    record Type(String name, Map<String, Field> fields, Set<String> readOnly, boolean open) {}

    private static final Set<String> SCALARS = Set.of("text", "int", "num", "bool", "any");

    static FieldTable load() {
        try (InputStream in = FieldTable.class.getResourceAsStream("fields.txt")) {
            if (in == null) {
                throw new IllegalStateException("fields.txt is missing from the jar");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FieldTable parse(String text) {
        Map<String, Type> types = new TreeMap<>();
        Map<String, String> kinds = new TreeMap<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line : (text + "\n#").split("\n")) {
            if (line.startsWith("    ")) {
                paragraph.append(' ').append(line.strip());
                continue;
            }
            if (!paragraph.isEmpty()) {
                Type type = type(paragraph.toString());
                types.put(type.name(), type);
                paragraph.setLength(0);
            }
            if (line.startsWith("@")) {
                String[] parts = line.substring(1).split("=");
                kinds.put(parts[0].strip(), parts[1].strip());
            } else if (!line.startsWith("#") && !line.isBlank()) {
                paragraph.append(line.strip());
            }
        }
        return new FieldTable(types, kinds);
    }

    private static Type type(String paragraph) {
        int colon = paragraph.indexOf(':');
        Map<String, Field> fields = new LinkedHashMap<>();
        Set<String> readOnly = Set.of();
        boolean open = false;
        for (String part : paragraph.substring(colon + 1).split(";")) {
            String field = part.strip();
            if (field.equals("open")) {
                open = true;
            } else if (field.startsWith("read-only ")) {
                readOnly = Set.of(field.substring("read-only ".length()).split(" +"));
            } else if (!field.isEmpty()) {
                String[] words = field.split(" ", 2);
                boolean required = words[0].endsWith("!");
                String name = required ? words[0].substring(0, words[0].length() - 1) : words[0];
                fields.put(name, new Field(shape(words[1].strip()), required));
            }
        }
        return new Type(paragraph.substring(0, colon), fields, readOnly, open);
    }

    private static Shape shape(String text) {
        List<String> parts = split(text);
        if (parts.size() > 1) {
            return new Shape.Either(parts.stream().map(FieldTable::shape).toList());
        }
        if (text.startsWith("[")) {
            return new Shape.Listing(shape(text.substring(1, text.length() - 1)));
        }
        if (text.startsWith("{")) {
            return new Shape.Mapping(shape(text.substring(1, text.length() - 1)));
        }
        if (text.startsWith("enum(")) {
            return new Shape.Words(List.of(text.substring(5, text.length() - 1).split(",")));
        }
        return SCALARS.contains(text) ? new Shape.Scalar(text) : new Shape.Ref(text);
    }

    /// The alternatives of `A|B`, not those inside brackets.
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[' || c == '{' || c == '(') {
                depth++;
            } else if (c == ']' || c == '}' || c == ')') {
                depth--;
            } else if (c == '|' && depth == 0) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }
}
