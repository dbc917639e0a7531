package atelier.jobs;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The expressions of Azure ML's YAML in commands: `${{inputs.x}}`, `${{inputs.x.path}}`, `${{outputs.x}}`,
/// and
/// optional groups `$[[--opt ${{inputs.x}}]]` that vanish when an input they name is not given.
public final class Expressions {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*([A-Za-z_][\\w.\\- ]*?)\\s*}}");
    private static final Pattern GROUP = Pattern.compile("\\$\\[\\[(.*?)]]", Pattern.DOTALL);
    private static final Pattern WHOLE = Pattern.compile("\\s*" + EXPRESSION.pattern() + "\\s*");

    private Expressions() {}

    /// The command with every expression replaced.
    ///
    /// @param inputs value or path of each input that is given
    /// @param outputs path of each output
    /// @throws Problem.Invalid `InvalidExpression` for a name that is not there
    public static String command(String command, Map<String, String> inputs, Map<String, String> outputs) {
        StringBuilder withoutGroups = new StringBuilder();
        Matcher groups = GROUP.matcher(command);
        while (groups.find()) {
            boolean given = names(groups.group(1), "inputs.").stream().allMatch(name -> find(name, inputs) != null);
            groups.appendReplacement(withoutGroups, Matcher.quoteReplacement(given ? groups.group(1) : ""));
        }
        groups.appendTail(withoutGroups);
        return replace(withoutGroups.toString(), expression -> value(expression, inputs, outputs));
    }

    private static String value(String expression, Map<String, String> inputs, Map<String, String> outputs) {
        boolean input = expression.startsWith("inputs.");
        if (!input && !expression.startsWith("outputs.")) {
            throw new Problem.Invalid(
                    "InvalidExpression",
                    "'${{" + expression + "}}' has no meaning in a command; it knows ${{inputs.<name>}} and"
                            + " ${{outputs.<name>}}.",
                    "command");
        }
        Map<String, String> values = input ? inputs : outputs;
        String name = expression.substring(expression.indexOf('.') + 1);
        String value = find(name, values);
        if (value == null) {
            throw new Problem.Invalid(
                    "InvalidExpression",
                    "The command uses '${{" + expression + "}}', but the job has no " + (input ? "input" : "output")
                            + " '" + name + "'." + Nearest.hint(name, values.keySet()) + known(values.keySet()),
                    "command");
        }
        return value;
    }

    private static String known(Collection<String> names) {
        return names.isEmpty() ? "" : " It has: " + String.join(", ", new TreeSet<>(names)) + ".";
    }

    private static @Nullable String find(String name, Map<String, String> values) {
        String value = values.get(name);
        if (value == null && name.endsWith(".path")) {
            return values.get(name.substring(0, name.length() - ".path".length()));
        }
        return value;
    }

    /// A literal as commands get it: text as it is, truth values as Python writes them.
    public static String literal(JsonNode value) {
        return value.isBoolean() ? (value.asBoolean() ? "True" : "False") : value.asString("");
    }

    /// Replaces each `${{…}}` by what `value` says of its inside.
    public static String replace(String text, Function<String, String> value) {
        StringBuilder replaced = new StringBuilder();
        Matcher matcher = EXPRESSION.matcher(text);
        while (matcher.find()) {
            matcher.appendReplacement(replaced, Matcher.quoteReplacement(value.apply(matcher.group(1))));
        }
        return matcher.appendTail(replaced).toString();
    }

    /// The inside of a text that is one expression and nothing else; null otherwise.
    public static @Nullable String whole(String text) {
        Matcher matcher = WHOLE.matcher(text);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /// What the expressions that start with `prefix` name, without it.
    public static Set<String> names(String text, String prefix) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = EXPRESSION.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).startsWith(prefix)) {
                names.add(matcher.group(1).substring(prefix.length()));
            }
        }
        return names;
    }
}
