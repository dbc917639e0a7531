package atelier.cli.entities;

import atelier.kernel.Json;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Builds one thing in the names of YAML v2 out of a REST resource. Fields that the resource lacks are left out.
final class Shape {
    private static final Pattern VERSIONED = Pattern.compile("(?i)/subscriptions/.*/([a-z]+)/([^/]+)/versions/([^/]+)");
    /// Mappings whose keys are the user's own words.
    private static final Set<String> FREE =
            Set.of("tags", "properties", "traffic", "mirror_traffic", "environment_variables", "inputs", "outputs");

    private final JsonNode rest;
    private final JsonNode properties;
    private final ObjectNode made = Json.object();

    Shape(JsonNode rest) {
        this.rest = rest;
        this.properties = rest.path("properties");
    }

    JsonNode properties() {
        return properties;
    }

    ObjectNode made() {
        return made;
    }

    /// Name, id, description, tags, who made it and when.
    Shape common() {
        made.set("name", rest.path("name"));
        return id().copy("description", "description").tags().created();
    }

    /// The same for a version: its name is in its id.
    Shape versioned(String kind) {
        made.put("name", nameOf(rest, kind));
        made.set("version", rest.path("name"));
        return id().copy("description", "description").tags().created();
    }

    private static String nameOf(JsonNode rest, String kind) {
        Matcher id = Pattern.compile("(?i).*/" + kind + "/([^/]+)/versions/[^/]+")
                .matcher(rest.path("id").asString(""));
        return id.matches() ? id.group(1) : rest.path("name").asString("");
    }

    Shape id() {
        if (rest.has("id")) {
            made.set("id", rest.path("id"));
        }
        return this;
    }

    Shape tags() {
        JsonNode tags = rest.path("tags").isObject() ? rest.path("tags") : properties.path("tags");
        made.set("tags", tags.isObject() ? tags : Json.object());
        JsonNode own = properties.path("properties");
        if (own.isObject()) {
            made.set("properties", own);
        }
        return this;
    }

    Shape created() {
        if (rest.path("systemData").isObject()) {
            made.set("creation_context", snake(rest.path("systemData")));
        }
        return this;
    }

    /// A field of `properties` under its YAML name.
    Shape copy(String yaml, String field) {
        return put(yaml, properties.path(field));
    }

    /// A field that is an enumeration: `ReadOnlyMount` as `read_only_mount`.
    Shape word(String yaml, String field) {
        JsonNode value = properties.path(field);
        if (value.isString()) {
            made.put(yaml, word(value.asString()));
        }
        return this;
    }

    /// A nested mapping with its names changed.
    Shape nested(String yaml, String field) {
        JsonNode value = properties.path(field);
        return value.isObject() ? put(yaml, snake(value)) : this;
    }

    Shape put(String yaml, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            made.set(yaml, value);
        }
        return this;
    }

    Shape put(String yaml, String value) {
        if (!value.isEmpty()) {
            made.put(yaml, value);
        }
        return this;
    }

    /// An ARM id as YAML refers to it: `azureml:name:version` for assets, `azureml:name` for computes.
    static String reference(String id) {
        Matcher versioned = VERSIONED.matcher(id);
        if (versioned.matches() && !versioned.group(1).equals("codes")) {
            return "azureml:" + versioned.group(2) + ":" + versioned.group(3);
        }
        if (id.toLowerCase(Locale.ROOT).contains("/computes/")) {
            return "azureml:" + id.substring(id.lastIndexOf('/') + 1);
        }
        return id.startsWith("/subscriptions/") ? "azureml:" + id : id;
    }

    /// `camelCase` as `snake_case`.
    static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /// `PascalCase` as `snake_case`: `ComputeInstance` stays a word of its own elsewhere.
    static String word(String value) {
        return snake(value);
    }

    /// The same mapping with snake_case names, except below mappings of the user's own names.
    static JsonNode snake(JsonNode value) {
        if (value.isArray()) {
            return Json.array().addAll(value.valueStream().map(Shape::snake).toList());
        }
        if (!value.isObject()) {
            return value;
        }
        ObjectNode result = Json.object();
        for (var field : value.properties()) {
            if (field.getValue().isNull()) {
                continue;
            }
            String name = snake(field.getKey());
            result.set(name, FREE.contains(name) ? field.getValue() : snake(field.getValue()));
        }
        return result;
    }

    /// An ISO-8601 duration as whole seconds; anything else as it is.
    static JsonNode seconds(JsonNode duration) {
        try {
            return duration.isString()
                    ? Json.tree(Duration.parse(duration.asString()).toSeconds())
                    : duration;
        } catch (DateTimeParseException e) {
            return duration;
        }
    }

    static JsonNode millis(JsonNode duration) {
        try {
            return duration.isString()
                    ? Json.tree(Duration.parse(duration.asString()).toMillis())
                    : duration;
        } catch (DateTimeParseException e) {
            return duration;
        }
    }
}
