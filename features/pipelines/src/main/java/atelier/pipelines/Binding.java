package atelier.pipelines;

import atelier.jobs.Expressions;
import atelier.kernel.Problem;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an input of a step is given.
public sealed interface Binding {
    record Literal(String value) implements Binding {}

    /// Text around `${{parent.inputs.x}}`.
    record Text(String template) implements Binding {
        public Set<String> parentInputs() {
            return Expressions.names(template, "parent.inputs.");
        }
    }

    /// An input of the pipeline.
    record ParentInput(String input) implements Binding {}

    /// What an earlier step made.
    record StepOutput(String step, String output) implements Binding {}

    /// @param mode REST name of the mode, or null for the port's own
    record Data(@Nullable String type, String uri, @Nullable String mode) implements Binding {}

    /// Reads REST (`{"job_input_type":"literal","value":…}`) and YAML forms.
    ///
    /// @param where such as `jobs.train.inputs.data`
    static Binding of(JsonNode given, String where) {
        if (!given.isObject()) {
            return text(Expressions.literal(given), where);
        }
        if (given.hasNonNull("value")) {
            return text(Expressions.literal(given.get("value")), where);
        }
        String uri = first(given, "uri", "path");
        if (uri == null) {
            throw new Problem.Invalid("InvalidPipeline", where + " has neither a value nor a path.", where);
        }
        if (Expressions.whole(uri) != null) {
            return text(uri, where);
        }
        return new Data(first(given, "job_input_type", "jobInputType", "type"), uri, first(given, "mode"));
    }

    private static Binding text(String text, String where) {
        String expression = Expressions.whole(text);
        if (expression == null) {
            Set<String> all = Expressions.names(text, "");
            if (all.stream().allMatch(name -> name.startsWith("parent.inputs."))) {
                return all.isEmpty() ? new Literal(text) : new Text(text);
            }
            throw unknown(text, where);
        }
        if (expression.startsWith("parent.inputs.")) {
            return new ParentInput(expression.substring("parent.inputs.".length()));
        }
        String[] parts = expression.split("\\.", 5);
        if (parts.length == 5 && parts[0].equals("parent") && parts[1].equals("jobs") && parts[3].equals("outputs")) {
            return new StepOutput(parts[2], parts[4]);
        }
        throw unknown(text, where);
    }

    private static Problem unknown(String text, String where) {
        return new Problem.Invalid(
                "InvalidExpression",
                where + ": '" + text + "' is not understood; a step is given ${{parent.inputs.<name>}},"
                        + " ${{parent.jobs.<step>.outputs.<name>}} or a value.",
                where);
    }

    /// The first of these fields that holds text.
    static @Nullable String first(JsonNode node, String... fields) {
        for (String field : fields) {
            String value = node.path(field).asString("");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return null;
    }
}
