package atelier.sweeps;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.sweeps.Distribution.Choice;
import atelier.sweeps.Distribution.Fixed;
import atelier.sweeps.Distribution.Group;
import atelier.sweeps.Distribution.RandInt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The hyperparameters of a sweep and what each may be.
///
/// Reads the REST form, `{"lr": ["loguniform", [-6, -1]]}`, and the YAML form, `{"lr": {"type": "loguniform",
/// "min_value": -6, "max_value": -1}}`, which steps of pipelines have.
public record SearchSpace(Group parameters) {
    private static final Map<String, List<String>> ARGUMENTS = arguments();

    private static Map<String, List<String>> arguments() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("choice", List.of("values"));
        all.put("randint", List.of("upper"));
        for (String family : List.of("uniform", "loguniform", "normal", "lognormal")) {
            List<String> two = family.endsWith("uniform") ? List.of("min_value", "max_value") : List.of("mu", "sigma");
            all.put(family, two);
            all.put("q" + family, List.of(two.get(0), two.get(1), "q"));
        }
        return all;
    }

    /// Names of the arguments of a distribution, in their order; none for a word that is no distribution.
    static List<String> arguments(String distribution) {
        return ARGUMENTS.getOrDefault(distribution.toLowerCase(Locale.ROOT), List.of());
    }

    /// @param base of logarithmic distributions
    /// @throws Problem.Invalid `InvalidSearchSpace`
    public static SearchSpace of(JsonNode given, double base) {
        if (!given.isObject() || given.isEmpty()) {
            throw invalid(
                    "searchSpace",
                    "A sweep needs at least one hyperparameter in 'search_space', for example"
                            + " {\"learning_rate\": {\"type\": \"uniform\", \"min_value\": 0.01, \"max_value\": 0.1}}.");
        }
        Map<String, Distribution> parameters = new LinkedHashMap<>();
        given.properties().forEach(field -> {
            String where = "searchSpace." + field.getKey();
            checkName(field.getKey(), where);
            parameters.put(field.getKey(), distribution(field.getValue(), where, base));
        });
        return new SearchSpace(new Group(parameters));
    }

    private static void checkName(String name, String where) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.\\-]{0,254}")) {
            throw invalid(
                    where,
                    "'" + name
                            + "' is not allowed as the name of a hyperparameter: letters, digits, '_', '-' and '.', a"
                            + " letter or '_' first.");
        }
    }

    private static Distribution distribution(JsonNode given, String where, double base) {
        JsonNode type = given.isArray() ? given.path(0) : given.path("type");
        String name = type.asString("").toLowerCase(Locale.ROOT);
        List<String> wanted = ARGUMENTS.get(name);
        if (wanted == null) {
            throw invalid(
                    where,
                    (name.isEmpty() ? "It has no type" : "'" + type.asString("") + "' is no distribution")
                            + "; known are " + String.join(", ", ARGUMENTS.keySet()) + "."
                            + Nearest.hint(name, ARGUMENTS.keySet()));
        }
        List<JsonNode> values = values(given, name, wanted, where);
        return switch (name) {
            case "choice" -> choice(values.getFirst(), where, base);
            case "randint" -> randint(values.getFirst(), where);
            default -> number(name, wanted, values, where, base);
        };
    }

    /// The arguments in their order, as `["uniform", [0, 1]]` or as fields of a dictionary.
    private static List<JsonNode> values(JsonNode given, String name, List<String> wanted, String where) {
        List<JsonNode> values = new ArrayList<>();
        if (given.isArray()) {
            if (given.size() != 2 || !given.path(1).isArray() || given.path(1).size() != wanted.size()) {
                throw invalid(
                        where,
                        "'" + name + "' is written [\"" + name + "\", [" + String.join(", ", wanted) + "]]; this is "
                                + shortened(given) + ".");
            }
            given.path(1).forEach(values::add);
            return values;
        }
        for (String field : given.propertyNames()) {
            if (!field.equals("type") && find(wanted, field) == null) {
                throw invalid(
                        where + "." + field,
                        "'" + name + "' has no '" + field + "'; it has " + String.join(", ", wanted) + "."
                                + Nearest.hint(field, wanted));
            }
        }
        for (String argument : wanted) {
            JsonNode value = given.path(argument);
            if (value.isMissingNode()) {
                value = given.path(camel(argument));
            }
            if (value.isMissingNode() || value.isNull()) {
                throw invalid(where + "." + argument, "'" + name + "' needs '" + argument + "'.");
            }
            values.add(value);
        }
        return values;
    }

    private static @Nullable String find(List<String> wanted, String field) {
        return wanted.stream()
                .filter(name -> name.equals(field) || camel(name).equals(field))
                .findFirst()
                .orElse(null);
    }

    private static String camel(String name) {
        int at = name.indexOf('_');
        return at < 0
                ? name
                : name.substring(0, at) + Character.toUpperCase(name.charAt(at + 1)) + name.substring(at + 2);
    }

    private static Distribution choice(JsonNode values, String where, double base) {
        if (!values.isArray() || values.isEmpty()) {
            throw invalid(where + ".values", "'choice' needs a list of at least one value, for example [16, 32].");
        }
        List<Distribution> options = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            JsonNode value = values.get(i);
            String place = where + ".values[" + i + "]";
            if (value instanceof ObjectNode dictionary) {
                Map<String, Distribution> members = new LinkedHashMap<>();
                dictionary.properties().forEach(field -> {
                    String at = place + "." + field.getKey();
                    checkName(field.getKey(), at);
                    members.put(field.getKey(), member(field.getValue(), at, base));
                });
                options.add(new Group(members));
            } else if (value.isValueNode() && !value.isNull()) {
                options.add(new Fixed(value));
            } else {
                throw invalid(
                        place,
                        "A value of 'choice' is a text, a number, true, false or a dictionary; this is "
                                + shortened(value) + ".");
            }
        }
        return new Choice(options);
    }

    /// A member of an alternative: a distribution when it looks like one, else a value.
    private static Distribution member(JsonNode given, String where, double base) {
        boolean distribution =
                given.isArray() && given.path(0).isString() && given.path(1).isArray()
                        || given.isObject() && given.path("type").isString();
        return distribution ? distribution(given, where, base) : new Fixed(given);
    }

    private static Distribution randint(JsonNode upper, String where) {
        if (!upper.isNumber()
                || upper.asDouble() != Math.rint(upper.asDouble())
                || upper.asDouble() < 1
                || upper.asDouble() > 1L << 53) {
            throw invalid(
                    where + ".upper", "'upper' must be a whole number of at least 1, not " + shortened(upper) + ".");
        }
        return new RandInt((long) upper.asDouble());
    }

    private static Distribution number(
            String name, List<String> wanted, List<JsonNode> values, String where, double base) {
        double[] numbers = new double[3];
        for (int i = 0; i < values.size(); i++) {
            JsonNode value = values.get(i);
            if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
                throw invalid(
                        where + "." + wanted.get(i),
                        "'" + wanted.get(i) + "' must be a number, not " + shortened(value) + ".");
            }
            numbers[i] = value.asDouble();
        }
        boolean normal = name.endsWith("normal");
        if (!normal && numbers[0] > numbers[1]) {
            throw invalid(
                    where + ".min_value",
                    "'min_value' " + numbers[0] + " is greater than 'max_value' " + numbers[1] + ".");
        }
        if (normal && numbers[1] <= 0) {
            throw invalid(where + ".sigma", "'sigma' must be greater than 0, not " + numbers[1] + ".");
        }
        if (name.startsWith("q") && numbers[2] <= 0) {
            throw invalid(where + ".q", "'q' must be greater than 0, not " + numbers[2] + ".");
        }
        return new Distribution.Number(normal, name.contains("log"), numbers[0], numbers[1], numbers[2], base);
    }

    private static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static Problem invalid(String where, String message) {
        return new Problem.Invalid("InvalidSearchSpace", where + ": " + message, where);
    }

    /// A grid has an end: every parameter must be a choice, also inside alternatives.
    ///
    /// @throws Problem.Invalid `InvalidSearchSpace`
    public void requireChoices() {
        parameters.members().forEach((name, distribution) -> requireChoices(distribution, "searchSpace." + name));
    }

    private static void requireChoices(Distribution distribution, String where) {
        switch (distribution) {
            case Fixed _ -> {}
            case Choice(List<Distribution> options) -> options.forEach(option -> requireChoices(option, where));
            case Group(Map<String, Distribution> members) ->
                members.forEach((name, member) -> requireChoices(member, where + "." + name));
            case RandInt _, Distribution.Number _ ->
                throw invalid(
                        where,
                        "Grid sampling tries every value, so it takes 'choice' only; use random sampling for"
                                + " this distribution.");
        }
    }
}
