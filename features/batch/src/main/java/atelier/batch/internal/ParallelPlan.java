package atelier.batch.internal;

import atelier.jobs.Expressions;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A parallel job, read from its properties (YAML v2 parallel jobs; reference azureml-wire.md, Appendix A) and checked
/// as
/// far as that is possible without looking anywhere else.
///
/// @param properties as given
/// @param input name of the input that is cut into mini-batches
/// @param settings what the engine is told (`driver/atelier_parallel/settings.py`)
/// @param model reference of the model, or null
record ParallelPlan(
        ObjectNode properties,
        String input,
        ObjectNode settings,
        @Nullable String model) {
    /// Name of the job's input that brings the model.
    static final String MODEL_INPUT = "azureml_model";

    private static final Pattern SIZE = Pattern.compile("[1-9]\\d*\\s*(?:[kKmMgG][bB])?");

    static ParallelPlan of(ObjectNode properties, int processors) {
        JsonNode task = properties.path("task");
        String script = text(task.path("entry_script"));
        String model = reference(task.path("model"));
        if (script == null && model == null) {
            throw new Problem.Invalid("A parallel job needs 'task.entry_script'.", "task.entry_script");
        }
        if (reference(task.path("environment")) == null) {
            throw new Problem.Invalid("A parallel job needs 'task.environment'.", "task.environment");
        }
        if (script != null && (script.startsWith("/") || script.contains(".."))) {
            throw new Problem.Invalid("'entry_script' is a path inside the code folder.", "task.entry_script");
        }
        Reader read = new Reader(properties.path("inputs"), properties);
        String input = input(properties);
        ObjectNode settings = Json.object().put("input", input);
        settings.put("script", script);
        settings.put("arguments", checked(properties, "program_arguments", text(task.path("program_arguments"))));
        settings.put("appendTo", checked(properties, "append_row_to", text(task.path("append_row_to"))));
        settings.put("outputFolder", checked(properties, "output_folder", text(task.path("output_folder"))));
        settings.put("miniBatchSize", size(read.text("mini_batch_size")));
        settings.set("partitionKeys", keys(properties.path("partition_keys")));
        settings.put("workers", workers(read, processors));
        settings.put("errorThreshold", read.number("error_threshold", -1, -1));
        settings.put("miniBatchErrorThreshold", read.number("mini_batch_error_threshold", -1, -1));
        settings.put("maxRetries", read.number("retry_settings.max_retries", 2, 0));
        settings.put("timeoutSeconds", timeout(read.text("retry_settings.timeout")));
        settings.put("loggingLevel", level(read.text("logging_level")));
        return new ParallelPlan(properties, input, settings, model);
    }

    /// What the input is, and where.
    JsonNode inputPort() {
        return properties.path("inputs").path(input);
    }

    boolean table() {
        return inputPort().path("jobInputType").asString("").equalsIgnoreCase("mltable");
    }

    /// The command job that does it.
    ///
    /// @param driver the engine's main file
    /// @param table the MLTable that describes the input, or null
    /// @param modelType such as `mlflow_model`
    ObjectNode command(String driver, @Nullable JsonNode table, String modelType, String modelName) {
        ObjectNode told = settings.deepCopy();
        if (table != null) {
            told.set("table", table);
        }
        ObjectNode command = properties.deepCopy();
        command.remove(List.of("resources", "task", "retry_settings"));
        command.put("jobType", "Command")
                .put("command", "exec python -u '" + driver.replace("'", "'\\''") + "'")
                .put("environmentId", reference(properties.path("task").path("environment")));
        String code = reference(properties.path("task").path("code"));
        if (code != null) {
            command.put("codeId", code);
        }
        ObjectNode inputs = command.path("inputs") instanceof ObjectNode given ? given : command.putObject("inputs");
        if (inputs.get(input) instanceof ObjectNode port) {
            // The engine reads files; addresses are for scripts that fetch for themselves.
            port.put("mode", "ReadOnlyMount");
        }
        if (model != null) {
            inputs.putObject(MODEL_INPUT).put("jobInputType", modelType).put("uri", model);
            told.put("model", MODEL_INPUT).put("modelName", modelName);
        }
        ObjectNode variables = command.path("environmentVariables") instanceof ObjectNode given
                ? given
                : command.putObject("environmentVariables");
        variables.put("ATELIER_PARALLEL", Json.write(told));
        return command;
    }

    private static String input(ObjectNode properties) {
        String given = text(properties.path("input_data"));
        List<String> data = new ArrayList<>();
        properties.path("inputs").properties().forEach(port -> {
            String type = port.getValue().path("jobInputType").asString("literal");
            if (!type.equalsIgnoreCase("literal")
                    && !type.toLowerCase(Locale.ROOT).endsWith("model")) {
                data.add(port.getKey());
            }
        });
        if (given == null && data.size() == 1) {
            return data.getFirst();
        }
        String expression = given == null ? null : Expressions.whole(given);
        String name =
                expression == null || !expression.startsWith("inputs.") ? "" : expression.substring("inputs.".length());
        if (!data.contains(name)) {
            throw new Problem.Invalid(
                    "'input_data' names the input that is cut into mini-batches, such as ${{inputs."
                            + (data.isEmpty() ? "data" : data.getFirst()) + "}}; "
                            + (given == null ? "it is not given." : "'" + given + "' is not one of the data inputs."),
                    "input_data");
        }
        return name;
    }

    /// The text, when every input and output it names is there.
    private static @Nullable String checked(ObjectNode properties, String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Map<String, String> inputs = new HashMap<>();
        properties.path("inputs").propertyNames().forEach(name -> inputs.put(name, name));
        Map<String, String> outputs = new HashMap<>();
        properties.path("outputs").propertyNames().forEach(name -> outputs.put(name, name));
        try {
            Expressions.command(text, inputs, outputs);
        } catch (Problem.Invalid e) {
            throw new Problem.Invalid(e.code(), e.message().replace("The command", field), "task." + field);
        }
        return text;
    }

    private static int workers(Reader read, int processors) {
        int concurrency = read.number("max_concurrency_per_instance", 1, 1);
        JsonNode resources = read.properties().path("resources");
        int instances = Math.max(
                1,
                resources
                        .path("instance_count")
                        .asInt(resources.path("instanceCount").asInt(1)));
        // One machine stands for all instances: more processes than processors only when one instance asks for them.
        return Math.max(concurrency, Math.min(instances * concurrency, processors));
    }

    /// azure-ai-ml sends 0 where a file names no size, because partition keys make the mini-batches.
    private static @Nullable String size(@Nullable String given) {
        if (given != null && given.strip().equals("0")) {
            return null;
        }
        if (given != null && !SIZE.matcher(given.strip()).matches()) {
            throw new Problem.Invalid(
                    "'mini_batch_size' is a number of files, or bytes such as 10kb or 1mb, not '" + given + "'.",
                    "mini_batch_size");
        }
        return given;
    }

    private static JsonNode keys(JsonNode given) {
        // The SDK sends the list as text.
        JsonNode keys = given.isString() ? Json.parse(given.stringValue()) : given;
        if (keys.isMissingNode() || keys.isNull()) {
            return Json.array();
        }
        if (!keys.isArray()) {
            throw new Problem.Invalid("'partition_keys' is a list of columns.", "partition_keys");
        }
        return keys;
    }

    private static double timeout(@Nullable String given) {
        if (given == null) {
            return 60;
        }
        try {
            double seconds = given.startsWith("P") ? Duration.parse(given).toSeconds() : Double.parseDouble(given);
            if (seconds > 0) {
                return seconds;
            }
        } catch (DateTimeParseException | NumberFormatException e) {
            // Said below, as for a time that is not positive.
        }
        throw new Problem.Invalid(
                "'retry_settings.timeout' is a number of seconds, not '" + given + "'.", "retry_settings.timeout");
    }

    private static String level(@Nullable String given) {
        String level = given == null ? "INFO" : given.toUpperCase(Locale.ROOT);
        if (!List.of("INFO", "WARNING", "DEBUG").contains(level)) {
            throw new Problem.Invalid(
                    "'logging_level' is INFO, WARNING or DEBUG, not '" + given + "'.", "logging_level");
        }
        return level;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
    }

    /// An asset's name; `azureml:` in front of an ARM id is taken off.
    static @Nullable String reference(JsonNode node) {
        String text = text(node);
        return text != null && text.startsWith("azureml:/") && !text.startsWith("azureml://")
                ? text.substring("azureml:".length())
                : text;
    }

    /// Numbers and words, which may be `${{inputs.x}}` of a literal input.
    private record Reader(JsonNode inputs, ObjectNode properties) {
        @Nullable
        String text(String path) {
            JsonNode node = properties;
            for (String part : path.split("\\.")) {
                node = node.path(part);
            }
            if (node.isMissingNode() || node.isNull()) {
                return null;
            }
            String text = node.asString("");
            String expression = Expressions.whole(text);
            return expression == null || !expression.startsWith("inputs.")
                    ? text
                    : Expressions.literal(inputs.path(expression.substring("inputs.".length()))
                            .path("value"));
        }

        int number(String path, int otherwise, int least) {
            String given = text(path);
            if (given == null || given.isEmpty()) {
                return otherwise;
            }
            try {
                int number = Integer.parseInt(given.strip());
                if (number >= least) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below, as for a number that is too small.
            }
            throw new Problem.Invalid(
                    "'" + path + "' is a whole number, " + least + " at least, not '" + given + "'.", path);
        }
    }
}
