package atelier.cli.imports;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.kernel.Json;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An MLflow by its tracking server (REST API 2.0).
final class RestSource implements Source {
    private static final String IS_PROMPT = "mlflow.prompt.is_prompt";
    private final RestClient client;

    private RestSource(RestClient client) {
        this.client = client;
    }

    static RestSource open(String address, Session session) {
        RestSource source = new RestSource(RestClient.open(address, session));
        source.client.post("experiments/search", Json.object().put("max_results", 1));
        return source;
    }

    @Override
    public String name() {
        return client.name();
    }

    @Override
    public List<Experiment> experiments() {
        List<Experiment> all = new ArrayList<>();
        ObjectNode ask = Json.object().put("max_results", 1000).put("view_type", "ALL");
        client.pages(
                "experiments/search",
                ask,
                page -> page.path("experiments").forEach(e -> {
                    long created = e.path("creation_time").asLong(0);
                    ObjectNode body = Json.object()
                            .put("name", e.path("name").asString(""))
                            .put("lifecycle", e.path("lifecycle_stage").asString("active"))
                            .put("createdAt", created)
                            .put("updatedAt", e.path("last_update_time").asLong(created));
                    body.set("tags", pairs(e.path("tags")));
                    all.add(new Experiment(
                            e.path("experiment_id").asString(""),
                            e.path("name").asString(""),
                            e.path("artifact_location").asString(""),
                            body));
                }));
        return all;
    }

    private static ObjectNode pairs(JsonNode list) {
        Map<String, String> sorted = new TreeMap<>();
        list.forEach(tag ->
                sorted.put(tag.path("key").asString(""), tag.path("value").asString("")));
        ObjectNode pairs = Json.object();
        sorted.forEach(pairs::put);
        return pairs;
    }

    @Override
    public void runs(Experiment experiment, Consumer<List<Run>> portion, Broken broken) {
        ObjectNode ask = Json.object().put("max_results", 500).put("run_view_type", "ALL");
        ask.putArray("experiment_ids").add(experiment.id());
        client.pages("runs/search", ask, page -> {
            List<Run> runs = new ArrayList<>();
            page.path("runs").forEach(run -> runs.add(run(run)));
            portion.accept(runs);
        });
    }

    private static Run run(JsonNode run) {
        JsonNode info = run.path("info");
        String id = info.path("run_id").asString("");
        @Nullable Long end = info.has("end_time") ? info.path("end_time").asLong() : null;
        ObjectNode body = Json.object()
                .put("runId", id)
                .put("name", info.path("run_name").asString(""))
                .put("userId", info.path("user_id").asString(""))
                .put("status", info.path("status").asString(""))
                .put("startTime", info.path("start_time").asLong(end == null ? 0 : end))
                .put("endTime", end)
                .put("lifecycle", info.path("lifecycle_stage").asString("active"));
        JsonNode data = run.path("data");
        body.set("params", pairs(data.path("params")));
        body.set("tags", pairs(data.path("tags")));
        body.set("datasets", datasets(run.path("inputs").path("dataset_inputs")));
        body.set("used", links(run.path("inputs").path("model_inputs")));
        body.set("made", links(run.path("outputs").path("model_outputs")));
        Map<String, JsonNode> sorted = new TreeMap<>();
        data.path("metrics").forEach(m -> sorted.put(m.path("key").asString(""), m));
        ObjectNode latest = Json.object();
        sorted.forEach((key, m) -> {
            ArrayNode point = latest.putArray(key);
            Numbers.add(point, value(m.path("value")));
            point.add(m.path("timestamp").asLong(0)).add(m.path("step").asLong(0));
        });
        return new Run(id, info.path("artifact_uri").asString(""), body, latest);
    }

    /// Protobuf's JSON writes what is no number as a word.
    private static double value(JsonNode value) {
        return value.isNumber()
                ? value.asDouble()
                : switch (value.asString("")) {
                    case "NaN" -> Double.NaN;
                    case "Infinity" -> Double.POSITIVE_INFINITY;
                    case "-Infinity" -> Double.NEGATIVE_INFINITY;
                    default -> throw new SqlStore.Unreadable("a metric has the value " + value);
                };
    }

    private static ArrayNode datasets(JsonNode inputs) {
        Map<String, ObjectNode> sorted = new TreeMap<>();
        for (JsonNode input : inputs) {
            JsonNode d = input.path("dataset");
            ObjectNode dataset = Json.object()
                    .put("name", d.path("name").asString(""))
                    .put("digest", d.path("digest").asString(""))
                    .put("sourceType", d.path("source_type").asString(""))
                    .put("source", d.path("source").asString(""))
                    .put("schema", text(d.path("schema")))
                    .put("profile", text(d.path("profile")));
            dataset.set("tags", pairs(input.path("tags")));
            sorted.put(d.path("name").asString("") + "\n" + d.path("digest").asString(""), dataset);
        }
        return Json.array().addAll(sorted.values());
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }

    private static ArrayNode links(JsonNode models) {
        Map<String, Long> sorted = new TreeMap<>();
        models.forEach(
                m -> sorted.put(m.path("model_id").asString(""), m.path("step").asLong(0)));
        ArrayNode links = Json.array();
        sorted.forEach((id, step) -> links.addObject().put("id", id).put("step", step));
        return links;
    }

    @Override
    public void points(Run run, Points points) {
        for (String key : run.latest().propertyNames()) {
            Map<String, String> ask = new LinkedHashMap<>();
            ask.put("run_id", run.id());
            ask.put("metric_key", key);
            ask.put("max_results", "25000");
            String token = "";
            do {
                if (!token.isEmpty()) {
                    ask.put("page_token", token);
                }
                JsonNode page = client.get("metrics/get-history", ask);
                page.path("metrics")
                        .forEach(m -> points.point(
                                key,
                                value(m.path("value")),
                                m.path("timestamp").asLong(0),
                                m.path("step").asLong(0)));
                token = page.path("next_page_token").asString("");
            } while (!token.isEmpty());
        }
    }

    @Override
    public void models(Experiment experiment, Consumer<List<Model>> portion, Broken broken) {
        ObjectNode ask = Json.object().put("max_results", 50);
        ask.putArray("experiment_ids").add(experiment.id());
        // MLflow 2 has none.
        client.pagesIfThere("logged-models/search", ask, page -> {
            List<Model> models = new ArrayList<>();
            page.path("models").forEach(model -> models.add(model(model)));
            portion.accept(models);
        });
    }

    private static Model model(JsonNode model) {
        JsonNode info = model.path("info");
        String id = info.path("model_id").asString("");
        ObjectNode body = Json.object()
                .put("modelId", id)
                .put("name", info.path("name").asString(""))
                .put("createdAt", info.path("creation_timestamp_ms").asLong(0))
                .put("updatedAt", info.path("last_updated_timestamp_ms").asLong(0))
                .put("status", info.path("status").asString(""))
                .put("lifecycle", "active")
                .put("modelType", info.path("model_type").asString(""))
                .put("sourceRunId", info.path("source_run_id").asString(""));
        body.set("tags", pairs(info.path("tags")));
        body.set("params", pairs(model.path("data").path("params")));
        Map<String, ObjectNode> sorted = new TreeMap<>();
        for (JsonNode m : model.path("data").path("metrics")) {
            ObjectNode metric = Json.object().put("key", m.path("key").asString(""));
            Numbers.put(metric, "value", value(m.path("value")));
            metric.put("time", m.path("timestamp").asLong(0))
                    .put("step", m.path("step").asLong(0))
                    .put("runId", m.path("run_id").asString(""))
                    .put("datasetName", m.path("dataset_name").asString(""))
                    .put("datasetDigest", m.path("dataset_digest").asString(""));
            sorted.put(
                    metric.path("key").asString()
                            + String.format(
                                    "\n%020d\n%020d",
                                    metric.path("time").asLong(),
                                    metric.path("step").asLong()),
                    metric);
        }
        body.set("metrics", Json.array().addAll(sorted.values()));
        return new Model(id, info.path("artifact_uri").asString(""), body);
    }

    @Override
    public List<Registered> registered() {
        List<Registered> all = new ArrayList<>();
        for (String filter : List.of("", "tags.`" + IS_PROMPT + "` = 'true'")) {
            Map<String, String> ask = new LinkedHashMap<>();
            ask.put("max_results", "100");
            if (!filter.isEmpty()) {
                ask.put("filter", filter);
            }
            client.pages(
                    "registered-models/search",
                    ask,
                    page -> page.path("registered_models").forEach(model -> all.add(registered(model))));
        }
        return all;
    }

    private Registered registered(JsonNode m) {
        String name = m.path("name").asString("");
        long created = m.path("creation_timestamp").asLong(0);
        ObjectNode body = Json.object()
                .put("name", name)
                .put("createdAt", created)
                .put("updatedAt", m.path("last_updated_timestamp").asLong(created))
                .put("description", text(m.path("description")));
        ObjectNode tags = pairs(m.path("tags"));
        body.set("tags", tags);
        ObjectNode aliases = body.putObject("aliases");
        m.path("aliases")
                .forEach(a -> aliases.put(
                        a.path("alias").asString(""), a.path("version").asString("")));
        Map<String, String> ask = new LinkedHashMap<>();
        ask.put("max_results", "1000");
        String filter = "name = '" + name.replace("'", "''") + "'";
        ask.put("filter", tags.has(IS_PROMPT) ? filter + " AND tags.`" + IS_PROMPT + "` = 'true'" : filter);
        Map<Long, ObjectNode> versions = new TreeMap<>();
        client.pages(
                "model-versions/search",
                ask,
                page -> page.path("model_versions")
                        .forEach(v -> versions.put(v.path("version").asLong(0), version(v))));
        return new Registered(name, body, List.copyOf(versions.values()));
    }

    private static ObjectNode version(JsonNode v) {
        long created = v.path("creation_timestamp").asLong(0);
        ObjectNode body = Json.object()
                .put("version", v.path("version").asString(""))
                .put("createdAt", created)
                .put("updatedAt", v.path("last_updated_timestamp").asLong(created))
                .put("description", text(v.path("description")))
                .put("createdBy", v.path("user_id").asString(""))
                .put("stage", v.path("current_stage").asString("None"))
                .put("source", v.path("source").asString(""))
                .put("runId", v.path("run_id").asString(""))
                .put("runLink", v.path("run_link").asString(""));
        body.set("tags", pairs(v.path("tags")));
        return body;
    }

    @Override
    public Map<String, Long> left() {
        // How many traces there are only a search through all of them would tell; the pages say that they do not come.
        return Map.of();
    }

    @Override
    public Remote remote() {
        return new Remote() {
            @Override
            public boolean serves(String artifactUri) {
                // Files in a cloud's storage stay where they are; all else only this server can reach.
                return !artifactUri.matches("(?i)(s3a?|gs|wasbs?|abfss?|dbfs|hdfs|viewfs|ftp|sftp|r2)://?.*");
            }

            @Override
            public List<String> list(Owner owner) {
                List<String> files = new ArrayList<>();
                list(owner, "", files);
                return files;
            }

            private void list(Owner owner, String folder, List<String> files) {
                Map<String, String> ask = new LinkedHashMap<>();
                String call = "artifacts/list";
                if (owner.modelId() == null) {
                    ask.put("run_id", String.valueOf(owner.runId()));
                    ask.put("path", folder);
                } else {
                    call = "logged-models/" + owner.modelId() + "/artifacts/directories";
                    ask.put("artifact_directory_path", folder);
                }
                if (folder.isEmpty()) {
                    ask.remove("path");
                    ask.remove("artifact_directory_path");
                }
                for (JsonNode file : client.get(call, ask).path("files")) {
                    String path = file.path("path").asString("");
                    if (file.path("is_dir").asBoolean(false)) {
                        if (path.equals(folder) || !path.startsWith(folder)) {
                            throw new CliError(
                                    "The server tells of a folder '" + path + "' that is not in '" + folder + "'.");
                        }
                        list(owner, path, files);
                    } else {
                        files.add(path);
                    }
                }
            }

            @Override
            public InputStream open(Owner owner, String path) {
                return client.file(owner, path);
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
