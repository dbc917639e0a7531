package atelier.cli.jobs;

import atelier.cli.assets.Assets;
import atelier.cli.assets.Common;
import atelier.cli.assets.ComponentAssets;
import atelier.cli.assets.EnvironmentAssets;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sweep, Spark and AutoML jobs to REST.
final class OtherJobs {
    private final Assets assets;
    private final Ports ports;
    private final ComponentAssets components;
    private final EnvironmentAssets environments;

    OtherJobs(Assets assets, Ports ports, ComponentAssets components, EnvironmentAssets environments) {
        this.assets = assets;
        this.ports = ports;
        this.components = components;
        this.environments = environments;
    }

    ObjectNode sweep(YamlFile file) {
        ObjectNode properties = Json.object();
        properties.put("jobType", "Sweep");
        JobFiles.describe(file, properties);
        YamlFile trial = trial(file);
        if (!trial.root().has("command") || !trial.root().has("environment")) {
            throw file.error("/trial", "a trial needs 'command' and 'environment'.");
        }
        ObjectNode made = properties.putObject("trial");
        made.put("command", trial.text("command", ""));
        if (trial.root().has("code")) {
            made.put("codeId", components.code(trial, "/code"));
        }
        made.put("environmentId", environments.reference(trial, "/environment"));
        JsonNode variables = trial.root().path("environment_variables");
        if (variables.isObject()) {
            made.set("environmentVariables", Common.texts(variables));
        }
        Resources.put(trial, made);
        made.remove("limits");
        Sweeps.put(file, properties);
        properties.set("inputs", ports.inputs(file));
        properties.set("outputs", ports.outputs(file));
        if (file.root().has("resources")) {
            Resources.put(file.without("limits"), properties);
        } else if (made.has("resources")) {
            properties.set("resources", made.path("resources"));
        }
        compute(file, properties);
        Resources.identity(file, properties);
        return properties;
    }

    /// The trial written into the sweep, or a component's file.
    private static YamlFile trial(YamlFile file) {
        JsonNode given = file.root().path("trial");
        if (given instanceof ObjectNode mapping) {
            return file.inline("/trial", mapping);
        }
        if (!given.isString()) {
            throw file.error("", "a sweep needs 'trial': what is run for each choice.");
        }
        String text = given.asString();
        return YamlFile.read(file.local(text.startsWith("file:") ? text.substring("file:".length()) : text));
    }

    ObjectNode spark(YamlFile file) {
        ObjectNode properties = Json.object();
        properties.put("jobType", "Spark");
        JobFiles.describe(file, properties);
        if (file.root().has("code")) {
            properties.put("codeId", components.code(file, "/code"));
        }
        JsonNode entry = file.root().path("entry");
        ObjectNode made = properties.putObject("entry");
        if (entry.has("class_name")) {
            made.put("sparkJobEntryType", "SparkJobScalaEntry").set("className", entry.path("class_name"));
        } else if (entry.has("file")) {
            made.put("sparkJobEntryType", "SparkJobPythonEntry").set("file", entry.path("file"));
        } else {
            throw file.error("/entry", "a spark job needs 'entry' with 'file' or 'class_name'.");
        }
        for (String[] each :
                new String[][] {{"py_files", "pyFiles"}, {"jars", "jars"}, {"files", "files"}, {"archives", "archives"}
                }) {
            if (file.root().path(each[0]).isArray()) {
                properties.set(each[1], file.root().path(each[0]));
            }
        }
        properties.set("conf", Common.texts(file.root().path("conf")));
        if (file.root().has("args")) {
            properties.put("args", file.text("args", ""));
        }
        if (file.root().has("environment")) {
            properties.put("environmentId", environments.reference(file, "/environment"));
        }
        JsonNode resources = file.root().path("resources");
        if (resources.isObject()) {
            ObjectNode wanted = properties.putObject("resources");
            wanted.set("instanceType", resources.path("instance_type"));
            wanted.put("runtimeVersion", YamlFile.scalar(resources.path("runtime_version")));
        }
        properties.set("inputs", ports.inputs(file));
        properties.set("outputs", ports.outputs(file));
        compute(file, properties);
        Resources.identity(file, properties);
        return properties;
    }

    private static final Map<String, String> TASKS = Map.ofEntries(
            Map.entry("classification", "Classification"),
            Map.entry("regression", "Regression"),
            Map.entry("forecasting", "Forecasting"),
            Map.entry("image_classification", "ImageClassification"),
            Map.entry("image_classification_multilabel", "ImageClassificationMultilabel"),
            Map.entry("image_object_detection", "ImageObjectDetection"),
            Map.entry("image_instance_segmentation", "ImageInstanceSegmentation"),
            Map.entry("text_classification", "TextClassification"),
            Map.entry("text_classification_multilabel", "TextClassificationMultilabel"),
            Map.entry("text_ner", "TextNER"));

    /// Fields of a training that are on unless the file says otherwise, as azure-ai-ml fills them in.
    private static final List<String> NAMED = List.of("allowed_training_algorithms", "blocked_training_algorithms");

    ObjectNode automl(YamlFile file) {
        String task = file.text("task", "").toLowerCase(Locale.ROOT);
        String type = TASKS.get(task);
        if (type == null) {
            throw file.error(
                    "/task",
                    "an automl job needs 'task', one of "
                            + String.join(", ", TASKS.keySet().stream().sorted().toList()) + ".");
        }
        ObjectNode properties = Json.object();
        properties.put("jobType", "AutoML");
        JobFiles.describe(file, properties);
        ObjectNode details = properties.putObject("taskDetails").put("taskType", type);
        details.put("logVerbosity", pascal(file.text("log_verbosity", "info")));
        if (file.root().has("primary_metric")) {
            details.put("primaryMetric", metric(file.text("primary_metric", "")));
        }
        for (String field : new String[] {"target_column_name", "weight_column_name", "positive_label"}) {
            if (file.root().has(field)) {
                details.put(camel(field), file.text(field, ""));
            }
        }
        for (String field : new String[] {"training_data", "validation_data", "test_data"}) {
            if (file.root().has(field)) {
                details.set(camel(field), ports.input(file, "/" + field, "mltable"));
            }
        }
        for (String field : new String[] {"validation_data_size", "test_data_size", "cv_split_column_names"}) {
            if (file.root().has(field)) {
                details.set(camel(field), file.root().path(field));
            }
        }
        JsonNode folds = file.root().path("n_cross_validations");
        if (!folds.isMissingNode()) {
            ObjectNode made = details.putObject("nCrossValidations");
            if (folds.isIntegralNumber()) {
                made.put("mode", "Custom").set("value", folds);
            } else {
                made.put("mode", "Auto");
            }
        }
        JsonNode limits = file.root().path("limits");
        if (limits.isObject()) {
            ObjectNode made = details.putObject("limitSettings");
            for (var each : limits.properties()) {
                if (each.getKey().endsWith("timeout_minutes")) {
                    made.put(
                            camel(each.getKey().replace("_minutes", "")),
                            "PT" + each.getValue().asLong() + "M");
                } else {
                    made.set(camel(each.getKey()), each.getValue());
                }
            }
        }
        settings(file, "training", details, "trainingSettings");
        settings(file, "featurization", details, "featurizationSettings");
        settings(file, "forecasting", details, "forecastingSettings");
        settings(file, "training_parameters", details, "modelSettings");
        settings(file, "sweep", details, "sweepSettings");
        properties.set("outputs", ports.outputs(file));
        compute(file, properties);
        Resources.put(file.without("limits"), properties);
        return properties;
    }

    private static void settings(YamlFile file, String field, ObjectNode details, String name) {
        JsonNode given = file.root().path(field);
        if (!given.isObject()) {
            return;
        }
        ObjectNode made = details.putObject(name);
        for (var each : given.properties()) {
            JsonNode value = each.getValue();
            if (NAMED.contains(each.getKey()) && value.isArray()) {
                made.set(
                        camel(each.getKey()),
                        Json.array()
                                .addAll(value.valueStream()
                                        .map(word -> Json.tree(algorithm(word.asString(""))))
                                        .toList()));
            } else if (each.getKey().equals("mode") && value.isString()) {
                made.put("mode", pascal(value.asString()));
            } else {
                made.set(camel(each.getKey()), value);
            }
        }
    }

    private static String algorithm(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "knn" -> "KNN";
            case "sgd" -> "SGD";
            case "svm" -> "SVM";
            case "linear_svm" -> "LinearSVM";
            case "light_gbm" -> "LightGBM";
            case "xg_boost_classifier" -> "XGBoostClassifier";
            case "xg_boost_regressor" -> "XGBoostRegressor";
            default -> pascal(word);
        };
    }

    private static String metric(String word) {
        return word.toLowerCase(Locale.ROOT).equals("auc_weighted") ? "AUCWeighted" : pascal(word);
    }

    /// `norm_macro_recall` as `NormMacroRecall`; a word that is Pascal already stays.
    private static String pascal(String word) {
        if (!word.isEmpty() && Character.isUpperCase(word.charAt(0))) {
            return word;
        }
        StringBuilder made = new StringBuilder();
        for (String part : word.split("_")) {
            made.append(part.isEmpty() ? "" : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        return made.toString();
    }

    private static String camel(String word) {
        String pascal = pascal(word);
        return pascal.isEmpty() ? pascal : pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
    }

    private void compute(YamlFile file, ObjectNode properties) {
        String compute = file.text("compute", "");
        if (!compute.isEmpty() && !compute.endsWith("serverless")) {
            properties.put("computeId", assets.compute(compute));
        }
    }
}
