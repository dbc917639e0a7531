package atelier.cli.commands;

import atelier.cli.yaml.FieldPath;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `update --set FIELD=VALUE`: the YAML names of fields, changed in a REST resource.
final class Changes {
    /// Fields whose keys are the user's own words.
    private static final Set<String> FREE =
            Set.of("tags", "properties", "traffic", "mirror_traffic", "environment_variables");
    private final Set<String> outside;
    private final Map<String, String> renamed;

    /// `outside` are fields that stand beside `properties` (`tags` of endpoints); `renamed` those whose REST place is
    /// not the same word in camelCase, with dots (`max_instances` to `properties.scaleSettings.maxNodeCount`).
    Changes(Set<String> outside, Map<String, String> renamed) {
        this.outside = outside;
        this.renamed = renamed;
    }

    static Changes ofAssets() {
        return new Changes(Set.of(), Map.of());
    }

    /// Applies the options that stand for fields and those of `--set`, `--add` being the same.
    void apply(ObjectNode rest, Call call) {
        YamlFile wanted = YamlFile.empty(call.session().resolve(""));
        call.putFields(wanted);
        call.texts("--set").forEach(wanted::set);
        for (var field : wanted.root().properties()) {
            merge(rest, field.getKey(), field.getValue());
        }
    }

    private void merge(ObjectNode rest, String name, JsonNode value) {
        String place = renamed.getOrDefault(name, FREE.contains(name) ? name : camel(name));
        ObjectNode base = outside.contains(name) ? rest : under(rest, "properties");
        JsonNode wanted = FREE.contains(name) ? texts(name, value) : camel(value);
        ObjectNode holder = base;
        List<String> steps = FieldPath.of(place, "--set").steps();
        for (int i = 0; i < steps.size() - 1; i++) {
            holder = under(holder, steps.get(i));
        }
        String last = steps.getLast();
        if (wanted instanceof ObjectNode changes && holder.path(last) instanceof ObjectNode known) {
            changes.properties().forEach(each -> known.set(each.getKey(), each.getValue()));
        } else {
            holder.set(last, wanted);
        }
    }

    private static ObjectNode under(ObjectNode node, String name) {
        return node.path(name) instanceof ObjectNode known ? known : node.putObject(name);
    }

    private static JsonNode texts(String name, JsonNode value) {
        if (!value.isObject() || name.contains("traffic")) {
            return value;
        }
        ObjectNode texts = Json.object();
        value.properties().forEach(each -> texts.put(each.getKey(), YamlFile.scalar(each.getValue())));
        return texts;
    }

    static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = false;
        for (char c : name.toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }

    private static JsonNode camel(JsonNode value) {
        if (value.isArray()) {
            return Json.array().addAll(value.valueStream().map(Changes::camel).toList());
        }
        if (!value.isObject()) {
            return value;
        }
        ObjectNode made = Json.object();
        value.properties().forEach(each -> made.set(camel(each.getKey()), camel(each.getValue())));
        return made;
    }
}
