package atelier.cli.entities;

import atelier.kernel.Json;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs of every type as the entities of YAML v2.
public final class Jobs {
    private Jobs() {}

    public static ObjectNode entity(JsonNode rest) {
        Shape shape = new Shape(rest);
        JsonNode properties = shape.properties();
        ObjectNode made = shape.common().made();
        String type = properties.path("jobType").asString("");
        made.put("type", type.equals("AutoML") ? "automl" : type.toLowerCase(Locale.ROOT));
        shape.copy("display_name", "displayName")
                .copy("experiment_name", "experimentName")
                .copy("status", "status")
                .put("services", services(properties.path("services")))
                .put("compute", Shape.reference(properties.path("computeId").asString("")))
                .put("inputs", ports(properties.path("inputs"), "jobInputType"))
                .put("outputs", ports(properties.path("outputs"), "jobOutputType"));
        switch (type) {
            case "Command" -> {
                made.put("command", properties.path("command").asString(""));
                command(properties, shape);
                shape.put("limits", limits(properties.path("limits")));
            }
            case "Sweep" -> sweep(properties, shape);
            case "Pipeline" -> {
                shape.copy("settings", "settings").copy("jobs", "jobs");
                if (properties.path("componentId").isString()) {
                    shape.put(
                            "component",
                            Shape.reference(properties.path("componentId").asString("")));
                }
            }
            case "Spark" -> {
                command(properties, shape);
                shape.copy("conf", "conf")
                        .copy("args", "args")
                        .copy("jars", "jars")
                        .copy("py_files", "pyFiles");
                shape.nested("entry", "entry");
            }
            case "AutoML" -> automl(properties, shape);
            default -> {
                // Types that are not ours to know: what all jobs have is printed.
            }
        }
        return made;
    }

    private static void command(JsonNode from, Shape shape) {
        shape.put("code", Shape.reference(from.path("codeId").asString("")))
                .put("environment", Shape.reference(from.path("environmentId").asString("")))
                .put("environment_variables", from.path("environmentVariables"));
        JsonNode resources = from.path("resources");
        if (resources.isObject()) {
            shape.put("resources", Shape.snake(resources));
        }
        JsonNode distribution = from.path("distribution");
        if (distribution.isObject()) {
            ObjectNode made = (ObjectNode) Shape.snake(distribution);
            made.remove("distribution_type");
            made.put("type", distribution.path("distributionType").asString("").toLowerCase(Locale.ROOT));
            shape.put("distribution", made);
        }
    }

    private static void sweep(JsonNode properties, Shape shape) {
        JsonNode trial = properties.path("trial");
        Shape inner = new Shape(Json.object());
        inner.put("command", trial.path("command"));
        command(trial, inner);
        shape.put("trial", inner.made());
        JsonNode objective = properties.path("objective");
        ObjectNode goal = Json.object();
        goal.put("goal", objective.path("goal").asString("").toLowerCase(Locale.ROOT));
        goal.set("primary_metric", objective.path("primaryMetric"));
        shape.put("objective", goal).put("limits", limits(properties.path("limits")));
        JsonNode sampling = properties.path("samplingAlgorithm");
        ObjectNode algorithm = (ObjectNode) Shape.snake(sampling.isObject() ? sampling : Json.object());
        algorithm.remove("sampling_algorithm_type");
        algorithm.put(
                "type", sampling.path("samplingAlgorithmType").asString("").toLowerCase(Locale.ROOT));
        shape.put("sampling_algorithm", algorithm);
        ObjectNode space = Json.object();
        properties.path("searchSpace").properties().forEach(each -> space.set(each.getKey(), spaceOf(each.getValue())));
        shape.put("search_space", space);
        JsonNode early = properties.path("earlyTermination");
        if (early.isObject()) {
            ObjectNode policy = (ObjectNode) Shape.snake(early);
            policy.remove("policy_type");
            policy.put("type", Shape.word(early.path("policyType").asString("")));
            shape.put("early_termination", policy);
        }
    }

    /// `["uniform", [0, 1]]` as `{type: uniform, min_value: 0, max_value: 1}`.
    private static JsonNode spaceOf(JsonNode rest) {
        String type = rest.path(0).asString("");
        JsonNode values = rest.path(1);
        ObjectNode made = Json.object().put("type", type);
        if (type.equals("choice")) {
            made.set("values", values.path(0));
            return made;
        }
        List<String> names = switch (type) {
            case "randint" -> List.of("upper");
            case "normal", "lognormal" -> List.of("mu", "sigma");
            case "qnormal", "qlognormal" -> List.of("mu", "sigma", "q");
            default -> List.of("min_value", "max_value", "q");
        };
        for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
            made.set(names.get(i), values.path(i));
        }
        return made;
    }

    private static void automl(JsonNode properties, Shape shape) {
        JsonNode task = properties.path("taskDetails");
        shape.put("task", Shape.word(task.path("taskType").asString("")))
                .put("primary_metric", Shape.word(task.path("primaryMetric").asString("")))
                .put("target_column_name", task.path("targetColumnName"))
                .put("limits", limits(task.path("limitSettings")))
                .put("training", Shape.snake(task.path("trainingSettings")))
                .put("featurization", Shape.snake(task.path("featurizationSettings")));
        for (String each : new String[] {"trainingData", "validationData", "testData"}) {
            if (task.path(each).isObject()) {
                shape.put(Shape.snake(each), port(task.path(each), "jobInputType"));
            }
        }
    }

    private static JsonNode limits(JsonNode rest) {
        if (!rest.isObject()) {
            return tools.jackson.databind.node.MissingNode.getInstance();
        }
        ObjectNode made = (ObjectNode) Shape.snake(rest);
        made.remove("job_limits_type");
        for (var each : made.properties()) {
            if (each.getKey().endsWith("timeout")) {
                each.setValue(Shape.seconds(each.getValue()));
            }
        }
        return made;
    }

    private static ObjectNode services(JsonNode rest) {
        ObjectNode made = Json.object();
        for (var each : rest.properties()) {
            if (each.getValue().isObject()) {
                ObjectNode service = (ObjectNode) Shape.snake(each.getValue());
                if (service.remove("job_service_type") instanceof JsonNode type) {
                    service.set("type", type);
                }
                made.set(each.getKey(), service);
            }
        }
        return made;
    }

    private static ObjectNode ports(JsonNode rest, String typeField) {
        ObjectNode made = Json.object();
        rest.properties().forEach(each -> made.set(each.getKey(), port(each.getValue(), typeField)));
        return made;
    }

    private static JsonNode port(JsonNode rest, String typeField) {
        if (!rest.isObject()) {
            return rest;
        }
        String type = rest.path(typeField).asString("");
        if (type.equals("literal")) {
            return rest.path("value");
        }
        ObjectNode made = Json.object().put("type", type);
        if (rest.path("mode").isString()) {
            made.put("mode", mode(rest.path("mode").asString()));
        }
        if (rest.path("uri").isString()) {
            made.put("path", Shape.reference(rest.path("uri").asString()));
        }
        for (String[] field :
                new String[][] {{"name", "assetName"}, {"version", "assetVersion"}, {"description", "description"}}) {
            if (rest.path(field[1]).isString()) {
                made.set(field[0], rest.path(field[1]));
            }
        }
        return made;
    }

    private static String mode(String rest) {
        return switch (rest) {
            case "ReadOnlyMount" -> "ro_mount";
            case "ReadWriteMount" -> "rw_mount";
            default -> Shape.word(rest);
        };
    }
}
