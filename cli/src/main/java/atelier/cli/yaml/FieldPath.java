package atelier.cli.yaml;

import atelier.cli.CliError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The place of a field as `--set` names it: `jobs.train.inputs.rate`, `custom[0].name`, `tags."a.b"`.
public record FieldPath(List<String> steps, String option) {
    private static final Pattern STEP =
            Pattern.compile("\\G(?:^|\\.)?(?:\"([^\"]+)\"|'([^']+)'|\\[(\\d+)]|([^.\\[\\]\"']+))");

    public FieldPath {
        steps = List.copyOf(steps);
    }

    /// @throws CliError when it is no place
    public static FieldPath of(String text, String option) {
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(text);
        int end = 0;
        while (step.find()) {
            for (int group = 1; group <= 4; group++) {
                if (step.group(group) != null) {
                    steps.add(step.group(group));
                }
            }
            end = step.end();
        }
        if (steps.isEmpty() || end != text.length()) {
            throw new CliError(option + " needs FIELD=VALUE with a field such as inputs.rate or items[0].name, not '"
                    + text + "'.");
        }
        return new FieldPath(steps, option);
    }

    /// Sets the value; mappings that are not there are made, an element of a list must be there.
    public void set(ObjectNode root, JsonNode value) {
        JsonNode at = root;
        for (int i = 0; i < steps.size() - 1; i++) {
            String step = steps.get(i);
            if (at instanceof ArrayNode list) {
                at = list.get(index(list, step));
            } else {
                ObjectNode object = (ObjectNode) at;
                JsonNode next = object.path(step);
                at = next.isContainer() ? next : object.putObject(step);
            }
            if (!at.isContainer()) {
                throw new CliError(option + ": '" + step + "' of '" + String.join(".", steps) + "' has no fields.");
            }
        }
        String last = steps.getLast();
        switch (at) {
            case ArrayNode list -> list.set(index(list, last), value);
            // `--set inputs.data=…` on an input given as a mapping means its path.
            case ObjectNode object
            when object.path(last) instanceof ObjectNode input && value.isString() && input.has("path") ->
                input.set("path", value);
            case ObjectNode object -> object.set(last, value);
            default -> throw new IllegalStateException("neither a list nor a mapping");
        }
    }

    private int index(ArrayNode list, String step) {
        if (!step.matches("\\d{1,6}") || Integer.parseInt(step) >= list.size()) {
            throw new CliError(option + ": '" + step + "' of '" + String.join(".", steps)
                    + "' is not an element of a list of " + list.size() + ".");
        }
        return Integer.parseInt(step);
    }
}
