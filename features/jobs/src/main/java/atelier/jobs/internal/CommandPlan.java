package atelier.jobs.internal;

import atelier.jobs.Expressions;
import atelier.kernel.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A command job, read from its REST properties and checked as far as that is possible without looking
/// anywhere else.
///
/// @param code ARM id of a code version or an address of files; null for none
/// @param timeout null for none
/// @param distribution null for one process
record CommandPlan(
        String command,
        String environment,
        @Nullable String code,
        Map<String, Input> inputs,
        Map<String, Output> outputs,
        Map<String, String> variables,
        @Nullable Duration timeout,
        @Nullable Distribution distribution) {
    /// What goes in.
    sealed interface Input {
        record Literal(String value) implements Input {}

        /// @param type `uri_file`, `uri_folder`, `mltable`, `mlflow_model`, `custom_model` or `triton_model`
        /// @param direct the command gets the address itself
        /// @param evaluated of an MLTable, the files that it stands for are brought
        record Data(String type, String uri, boolean direct, boolean evaluated) implements Input {
            boolean model() {
                return type.endsWith("_model");
            }
        }
    }

    /// What comes out.
    ///
    /// @param uri where to keep it; null for the job's place in the default datastore
    record Output(String type, @Nullable String uri, boolean direct) {}

    static CommandPlan of(JsonNode properties) {
        String command = properties.path("command").asString("").strip();
        if (command.isEmpty()) {
            throw new Problem.Invalid("A command job needs a 'command'.", "command");
        }
        String environment = properties.path("environmentId").asString("");
        if (environment.isEmpty()) {
            throw new Problem.Invalid(
                    "A command job needs an 'environment', for example azureml:AzureML-sklearn-1.5@latest.",
                    "environmentId");
        }
        String code = properties.path("codeId").asString("");
        CommandPlan plan = new CommandPlan(
                command,
                environment,
                code.isEmpty() ? null : code,
                inputs(properties.path("inputs")),
                outputs(properties.path("outputs")),
                variables(properties.path("environmentVariables")),
                timeout(properties.path("limits").path("timeout").asString("")),
                Distribution.of(properties));
        plan.check();
        return plan;
    }

    private void check() {
        Map<String, String> in = new LinkedHashMap<>();
        inputs.keySet().forEach(name -> in.put(name, name));
        Map<String, String> out = new LinkedHashMap<>();
        outputs.keySet().forEach(name -> out.put(name, name));
        Expressions.command(command, in, out);
    }

    private static Map<String, Input> inputs(JsonNode given) {
        Map<String, Input> inputs = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            JsonNode input = field.getValue();
            if (input.isNull()) {
                continue;
            }
            String name = name(field.getKey(), "inputs");
            String type = type(input.path("jobInputType").asString("literal"));
            if (type.equals("literal")) {
                inputs.put(name, new Input.Literal(Expressions.literal(input.path("value"))));
                continue;
            }
            String uri = input.path("uri").asString("");
            if (uri.isEmpty()) {
                throw new Problem.Invalid("Input '" + name + "' has no 'uri' (path).", "inputs." + name);
            }
            onCompute(input, "inputs", name);
            inputs.put(name, new Input.Data(type, uri, isDirect(input), isEvaluated(input)));
        }
        return inputs;
    }

    private static Map<String, Output> outputs(JsonNode given) {
        Map<String, Output> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            JsonNode output = field.getValue();
            String name = name(field.getKey(), "outputs");
            onCompute(output, "outputs", name);
            String uri = output.path("uri").asString("");
            String type = type(output.path("jobOutputType").asString("uri_folder"));
            outputs.put(name, new Output(type, uri.isEmpty() ? null : uri, isDirect(output) && !uri.isEmpty()));
        }
        return outputs;
    }

    private static boolean isDirect(JsonNode port) {
        return port.path("mode").asString("").equalsIgnoreCase("Direct");
    }

    private static boolean isEvaluated(JsonNode port) {
        return port.path("mode").asString("").toLowerCase(Locale.ROOT).startsWith("eval");
    }

    /// A machine in the cloud is a job's alone; here, jobs share one with all that is on it.
    private static void onCompute(JsonNode port, String ports, String name) {
        String path =
                port.path("pathOnCompute").asString(port.path("path_on_compute").asString(""));
        if (!path.isEmpty()) {
            String expression = "${{" + ports + "." + name + "}}";
            throw new Problem.Invalid(
                    "PathOnComputeNotSupported",
                    "'" + name + "' asks for the path '" + path + "' on the compute: jobs share this machine, so that"
                            + " data is brought to the job's own folder alone. Take 'path_on_compute' out, and let the"
                            + " command use " + expression + ".",
                    ports + "." + name + ".pathOnCompute");
        }
    }

    /// Names become folders.
    private static String name(String name, String where) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.\\-]{0,254}") || name.contains("..")) {
            throw new Problem.Invalid(
                    "'" + name + "' is not allowed as a name of " + where + ": letters, digits, '_', '-', '.'.", where);
        }
        return name;
    }

    /// `UriFolder`, `uriFolder` and `uri_folder` are one.
    static String type(String given) {
        return switch (given.toLowerCase(Locale.ROOT).replace("_", "")) {
            case "urifile" -> "uri_file";
            case "urifolder" -> "uri_folder";
            case "mltable" -> "mltable";
            case "mlflowmodel" -> "mlflow_model";
            case "custommodel" -> "custom_model";
            case "tritonmodel" -> "triton_model";
            default -> "literal";
        };
    }

    private static Map<String, String> variables(JsonNode given) {
        Map<String, String> variables = new LinkedHashMap<>();
        given.properties()
                .forEach(field -> variables.put(field.getKey(), field.getValue().asString("")));
        return variables;
    }

    private static @Nullable Duration timeout(String iso) {
        if (iso.isEmpty()) {
            return null;
        }
        try {
            return Duration.parse(iso);
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid(
                    "limits.timeout must be an ISO 8601 duration such as PT1H, not '" + iso + "'.", "limits.timeout");
        }
    }
}
