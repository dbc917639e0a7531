package atelier.cli.assets;

import atelier.cli.yaml.YamlFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Fields that every asset has.
public final class Common {
    private Common() {}

    /// `description`, `tags` and `properties` as they are.
    public static void describe(YamlFile file, ObjectNode into) {
        if (file.root().path("description").isString()) {
            into.set("description", file.root().path("description"));
        }
        for (String field : new String[] {"tags", "properties"}) {
            JsonNode given = file.root().path(field);
            if (given.isMissingNode() || given.isNull()) {
                into.putObject(field);
            } else if (given.isObject()) {
                into.set(field, texts(given));
            } else {
                throw file.error("/" + field, "'" + field + "' must be a mapping.");
            }
        }
    }

    /// The same mapping with every value as text, as the wire wants it.
    public static ObjectNode texts(JsonNode mapping) {
        ObjectNode texts = atelier.kernel.Json.object();
        for (var entry : mapping.properties()) {
            texts.put(entry.getKey(), YamlFile.scalar(entry.getValue()));
        }
        return texts;
    }
}
