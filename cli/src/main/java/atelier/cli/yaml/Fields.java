package atelier.cli.yaml;

import atelier.kernel.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The fields a kind of YAML mapping may have, from the schemas of Azure ML's YAML v2. Fields that Azure ML knows but
/// that say nothing here (`intellectual_property`, `queue_settings`, …) are known and passed over.
public final class Fields {
    private final String what;
    private final Set<String> known;
    private final List<String> required = new ArrayList<>();

    private Fields(String what, Set<String> known) {
        this.what = what;
        this.known = known;
    }

    /// `what` with its article: "a command job".
    public static Fields of(String what, String names) {
        return new Fields(what, new LinkedHashSet<>(List.of(names.split("\\s+"))));
    }

    public Fields required(String... names) {
        required.addAll(List.of(names));
        return this;
    }

    /// @throws atelier.cli.CliError at the first unknown or missing field
    public void check(YamlFile file, String pointer) {
        JsonNode mapping = pointer.isEmpty() ? file.root() : file.root().at(pointer);
        if (!mapping.isObject()) {
            throw file.error(pointer, what + " must be a mapping.");
        }
        for (String name : mapping.propertyNames()) {
            if (!known.contains(name)) {
                throw file.error(
                        pointer + "/" + name,
                        "'" + name + "' is not a field of " + what + "." + Nearest.hint(name, known));
            }
        }
        for (String name : required) {
            if (mapping.path(name).isMissingNode() || mapping.path(name).isNull()) {
                throw file.error(pointer, what + " needs '" + name + "'.");
            }
        }
    }

    /// One of the words of an enumeration.
    public static String oneOf(YamlFile file, String pointer, String value, List<String> words) {
        if (!words.contains(value)) {
            throw file.error(
                    pointer,
                    "'" + value + "' is not one of " + String.join(", ", words) + "." + Nearest.hint(value, words));
        }
        return value;
    }
}
