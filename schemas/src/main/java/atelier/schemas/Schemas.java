package atelier.schemas;

import atelier.kernel.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of YAML v2 and the check of a file against its kind. Pure: text in, mistakes out.
public final class Schemas {
    /// Loaded when first used: a verb without a file does not need it.
    private static final Supplier<FieldTable> TABLE = new Supplier<>() {
        private @Nullable FieldTable table;

        @Override
        public synchronized FieldTable get() {
            FieldTable known = table;
            if (known == null) {
                known = FieldTable.load();
                table = known;
            }
            return known;
        }
    };

    private static final Set<String> NOUNS = new TreeSet<>(List.of(
            "job",
            "component",
            "environment",
            "data",
            "model",
            "mltable",
            "compute",
            "datastore",
            "online-endpoint",
            "online-deployment",
            "batch-endpoint",
            "batch-deployment",
            "schedule",
            "workspace",
            "registry",
            "connection"));

    private static final Map<String, String> BY_SCHEMA = Map.ofEntries(
            Map.entry("commandjob", "command job"),
            Map.entry("sweepjob", "sweep job"),
            Map.entry("pipelinejob", "pipeline job"),
            Map.entry("paralleljob", "parallel job"),
            Map.entry("sparkjob", "spark job"),
            Map.entry("automljob", "job"),
            Map.entry("commandcomponent", "command component"),
            Map.entry("pipelinecomponent", "pipeline component"),
            Map.entry("parallelcomponent", "parallel component"),
            Map.entry("sparkcomponent", "spark component"),
            Map.entry("environment", "environment"),
            Map.entry("asset", "data"),
            Map.entry("data", "data"),
            Map.entry("mltable", "mltable"),
            Map.entry("model", "model"),
            Map.entry("mlflowmodel", "model"),
            Map.entry("amlcompute", "amlcompute"),
            Map.entry("computeinstance", "computeinstance"),
            Map.entry("azureblob", "azure_blob datastore"),
            Map.entry("azurefile", "azure_file datastore"),
            Map.entry("azuredatalakegen2", "azure_data_lake_gen2 datastore"),
            Map.entry("azuredatalakegen1", "azure_data_lake_gen1 datastore"),
            Map.entry("managedonlineendpoint", "managed online endpoint"),
            Map.entry("managedonlinedeployment", "managed online deployment"),
            Map.entry("kubernetesonlineendpoint", "kubernetes online endpoint"),
            Map.entry("kubernetesonlinedeployment", "kubernetes online deployment"),
            Map.entry("batchendpoint", "batch endpoint"),
            Map.entry("batchdeployment", "batch deployment"),
            Map.entry("modelbatchdeployment", "model batch deployment"),
            Map.entry("pipelinecomponentbatchdeployment", "pipeline batch deployment"),
            Map.entry("schedule", "schedule"),
            Map.entry("workspace", "workspace"),
            Map.entry("registry", "registry"),
            Map.entry("connection", "connection"));

    private Schemas() {}

    /// Every kind: `command job`, `amlcompute`, `azure_blob datastore`.
    public static Set<String> kinds() {
        return TABLE.get().kinds().keySet();
    }

    /// The names under which [#check(String, ObjectNode, Map)] takes files: those of the command line's nouns, and the
    /// kinds.
    public static Set<String> names() {
        Set<String> names = new TreeSet<>(NOUNS);
        names.addAll(kinds());
        return names;
    }

    /// What of `text` is not as `kind` has it; without a kind it is known by `$schema`, `type` and the fields. A text
    /// that is no YAML is one mistake.
    public static List<Mistake> check(@Nullable String kind, String text) {
        try {
            YamlText yaml = YamlText.parse(text);
            return check(kind, yaml.root(), yaml.marks());
        } catch (YamlText.NotYaml e) {
            return List.of(e.mistake());
        }
    }

    /// The same for a tree whose places are known.
    public static List<Mistake> check(@Nullable String kind, ObjectNode root, Map<String, Mark> marks) {
        String noun = kind == null ? guess(root) : kind;
        List<Mistake> mistakes = new ArrayList<>();
        String known = resolve(noun, root, marks, mistakes);
        if (known == null) {
            return mistakes;
        }
        String type = TABLE.get().kinds().get(known);
        if (type == null) {
            throw new IllegalArgumentException("no kind '" + known + "'");
        }
        mistakes.addAll(new Checker(TABLE.get(), marks).mapping(root, "", type, withArticle(known)));
        mistakes.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
        return mistakes;
    }

    private static String withArticle(String kind) {
        if (kind.equals("data")) {
            return "a data asset";
        }
        String words = kind.endsWith("compute") || kind.endsWith("instance")
                ? "compute of type " + kind.replace(" compute", "")
                : kind;
        return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
    }

    /// The kind of a file by what it says of itself; a command job when it says nothing.
    private static String guess(ObjectNode root) {
        String schema = root.path("$schema").asString("");
        String name = schema.substring(schema.lastIndexOf('/') + 1)
                .replaceFirst("\\..*", "")
                .toLowerCase(Locale.ROOT);
        String known = BY_SCHEMA.get(name);
        if (known != null) {
            return known;
        }
        if (root.has("trigger")) {
            return "schedule";
        }
        if (root.has("image") || root.has("conda_file") || root.has("build")) {
            return "environment";
        }
        if (root.has("endpoint_name")) {
            return "online-deployment";
        }
        if (root.has("paths") && !root.has("type")) {
            return "mltable";
        }
        String type = root.path("type").asString("").toLowerCase(Locale.ROOT);
        return switch (type) {
            case "uri_file", "uri_folder", "mltable" -> "data";
            case "custom_model", "mlflow_model", "triton_model" -> "model";
            case "amlcompute", "computeinstance", "kubernetes" -> "compute";
            case "azure_blob", "azure_file", "azure_data_lake_gen1", "azure_data_lake_gen2" -> "datastore";
            default -> "job";
        };
    }

    /// The kind that a noun means for this file; null after a mistake in its `type`.
    private static @Nullable String resolve(
            String noun, ObjectNode root, Map<String, Mark> marks, List<Mistake> mistakes) {
        return switch (noun) {
            case "job" -> job(root, marks, mistakes);
            case "component" ->
                typed(root, marks, mistakes, "command", " component", "command", "pipeline", "parallel", "spark");
            case "compute" -> compute(root, marks, mistakes);
            case "datastore" ->
                typed(
                        root,
                        marks,
                        mistakes,
                        "",
                        " datastore",
                        "azure_blob",
                        "azure_file",
                        "azure_data_lake_gen2",
                        "azure_data_lake_gen1",
                        "one_lake");
            case "online-endpoint" ->
                root.path("type").asString("").equals("kubernetes") || root.has("compute")
                        ? "kubernetes online endpoint"
                        : "managed online endpoint";
            case "online-deployment" ->
                root.path("type").asString("").equals("kubernetes")
                        ? "kubernetes online deployment"
                        : "managed online deployment";
            case "batch-endpoint" -> "batch endpoint";
            case "batch-deployment" -> batch(root);
            default -> {
                if (!kinds().contains(noun)) {
                    mistakes.add(new Mistake(
                            1, 1, "", "there is no kind '" + noun + "' of file." + Nearest.hint(noun, names())));
                    yield null;
                }
                yield noun;
            }
        };
    }

    private static String batch(ObjectNode root) {
        String type = root.path("type").asString("");
        if (type.equals("pipeline") || root.has("component") || root.has("job_definition")) {
            return "pipeline batch deployment";
        }
        return type.equals("model") ? "model batch deployment" : "batch deployment";
    }

    private static @Nullable String job(ObjectNode root, Map<String, Mark> marks, List<Mistake> mistakes) {
        String absent = root.has("jobs") && !root.has("command") ? "pipeline" : "command";
        String kind = typed(
                root, marks, mistakes, absent, " job", "command", "pipeline", "sweep", "spark", "automl", "parallel");
        if (kind == null || !kind.equals("automl job")) {
            return kind;
        }
        String task = root.path("task")
                .asString("")
                .toLowerCase(Locale.ROOT)
                .replace("_", " ")
                .replace("text ner", "text ner");
        String found = "automl " + task;
        if (kinds().contains(found)) {
            return found;
        }
        List<String> tasks = kinds().stream()
                .filter(each -> each.startsWith("automl "))
                .map(each -> each.substring("automl ".length()).replace(' ', '_'))
                .toList();
        Mark mark = YamlText.mark(marks, "/task");
        mistakes.add(new Mistake(
                mark.line(),
                mark.column(),
                "/task",
                root.has("task")
                        ? "'" + root.path("task").asString("") + "' is not one of " + String.join(", ", tasks) + "."
                                + Nearest.hint(root.path("task").asString(""), tasks)
                        : "an automl job needs 'task': " + String.join(", ", tasks) + "."));
        return null;
    }

    private static @Nullable String compute(ObjectNode root, Map<String, Mark> marks, List<Mistake> mistakes) {
        String kind = typed(
                root,
                marks,
                mistakes,
                "",
                "",
                "amlcompute",
                "computeinstance",
                "kubernetes",
                "virtualmachine",
                "synapsespark");
        return kind == null || kinds().contains(kind) ? kind : kind + " compute";
    }

    private static @Nullable String typed(
            ObjectNode root,
            Map<String, Mark> marks,
            List<Mistake> mistakes,
            String absent,
            String suffix,
            String... words) {
        JsonNode given = root.path("type");
        String type = given.isMissingNode() || given.isNull() ? absent : given.asString("");
        for (String word : words) {
            if (word.equalsIgnoreCase(type)) {
                return word + suffix;
            }
        }
        Mark mark = YamlText.mark(marks, "/type");
        mistakes.add(new Mistake(
                mark.line(),
                mark.column(),
                "/type",
                given.isMissingNode() || given.isNull()
                        ? "'type' is needed: " + String.join(", ", words) + "."
                        : "'" + type + "' is not one of " + String.join(", ", words) + "."
                                + Nearest.hint(type, List.of(words))));
        return null;
    }
}
