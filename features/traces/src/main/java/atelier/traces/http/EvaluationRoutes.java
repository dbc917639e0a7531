package atelier.traces.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.traces.EvaluationDataset;
import atelier.traces.EvaluationDatasets;
import atelier.web.JsonBodies;
import atelier.web.Response;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `datasets/*` of MLflow's REST API 3.0: evaluation data sets. Tags, schema, profile and records are JSON in a text.
public final class EvaluationRoutes {
    private static final int DEFAULT_RESULTS = 1000;
    private static final int MAX_RESULTS = 50_000;
    private final EvaluationDatasets datasets;

    public EvaluationRoutes(EvaluationDatasets datasets) {
        this.datasets = datasets;
    }

    public void mount(MlflowRoutes routes) {
        routes.call3("POST", "datasets/create", this::create)
                .call3("POST", "datasets/search", this::search)
                .call3("GET", "datasets/search", this::search)
                .call3("GET", "datasets/{dataset}", this::get)
                .call3("DELETE", "datasets/{dataset}", this::delete)
                .call3("PATCH", "datasets/{dataset}/tags", this::setTags)
                .call3("DELETE", "datasets/{dataset}/tags/{key}", this::deleteTag)
                .call3("POST", "datasets/{dataset}/records", this::upsert)
                .call3("GET", "datasets/{dataset}/records", this::records)
                .call3("DELETE", "datasets/{dataset}/records", this::deleteRecords)
                .call3("GET", "datasets/{dataset}/experiment-ids", this::experiments)
                .call3("POST", "datasets/{dataset}/add-experiments", this::addTo)
                .call3("POST", "datasets/{dataset}/remove-experiments", this::removeFrom);
    }

    private static String id(MlflowRequest request) {
        return request.exchange().path("dataset");
    }

    private Response create(MlflowRequest request) {
        return one(datasets.create(
                request.workspace(), request.required("name"), tags(request), request.texts("experiment_ids")));
    }

    /// A JSON object in a text; what is no text there is kept as its JSON. A tag that is null is left out.
    private static Map<String, String> tags(MlflowRequest request) {
        String given = request.text("tags");
        Map<String, String> tags = new TreeMap<>();
        if (given == null || given.isEmpty()) {
            return tags;
        }
        JsonNode parsed;
        try {
            parsed = Json.parse(given);
            JsonBodies.check(parsed);
        } catch (Problem.Invalid e) {
            throw MlflowRequest.invalid("'tags' must be a JSON object in a text. " + e.message());
        }
        if (!(parsed instanceof ObjectNode object)) {
            throw MlflowRequest.invalid("'tags' must be a JSON object in a text.");
        }
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (!value.isNull()) {
                tags.put(field.getKey(), value.isString() ? value.stringValue() : value.toString());
            }
        });
        return tags;
    }

    private Response get(MlflowRequest request) {
        return one(datasets.get(request.workspace(), id(request)));
    }

    private Response delete(MlflowRequest request) {
        datasets.delete(request.workspace(), id(request));
        return nothing();
    }

    private Response search(MlflowRequest request) {
        Page<EvaluationDataset> page = datasets.search(
                request.workspace(),
                TraceRoutes.numbers(request.texts("experiment_ids")),
                request.text("filter_string"),
                request.texts("order_by"),
                request.maxResults(DEFAULT_RESULTS, MAX_RESULTS),
                request.text("page_token"));
        return stream(json -> {
            list(json, "datasets", page.items(), EvaluationRoutes::dataset);
            text(json, "next_page_token", page.next());
        });
    }

    private Response setTags(MlflowRequest request) {
        if (!request.has("tags")) {
            throw request.missing("tags");
        }
        return one(datasets.setTags(request.workspace(), id(request), tags(request)));
    }

    private Response deleteTag(MlflowRequest request) {
        datasets.deleteTag(request.workspace(), id(request), request.exchange().path("key"));
        return nothing();
    }

    private Response upsert(MlflowRequest request) {
        EvaluationDatasets.Upserted done = datasets.upsert(
                request.workspace(), id(request), EvaluationDatasets.parse(request.required("records")));
        return answer(json -> {
            json.writeNumberProperty("inserted_count", done.inserted());
            json.writeNumberProperty("updated_count", done.updated());
        });
    }

    private Response records(MlflowRequest request) {
        String id = id(request);
        Page<EvaluationDataset.Entry> page = datasets.records(
                request.workspace(), id, request.maxResults(DEFAULT_RESULTS, MAX_RESULTS), request.text("page_token"));
        ArrayNode records = Json.array();
        page.items().forEach(one -> records.add(record(id, one)));
        return answer(json -> {
            text(json, "records", records.toString());
            text(json, "next_page_token", page.next());
        });
    }

    private Response deleteRecords(MlflowRequest request) {
        int deleted = datasets.deleteRecords(request.workspace(), id(request), request.texts("dataset_record_ids"));
        return answer(json -> json.writeNumberProperty("deleted_count", deleted));
    }

    private Response experiments(MlflowRequest request) {
        List<Long> ids = datasets.get(request.workspace(), id(request)).experiments();
        return answer(json -> ids(json, ids));
    }

    private Response addTo(MlflowRequest request) {
        return one(datasets.addTo(request.workspace(), id(request), request.texts("experiment_ids")));
    }

    private Response removeFrom(MlflowRequest request) {
        return one(datasets.removeFrom(
                request.workspace(), id(request), TraceRoutes.numbers(request.texts("experiment_ids"))));
    }

    private static Response one(EvaluationDataset dataset) {
        return answer(json -> object(json, "dataset", d -> dataset(d, dataset)));
    }

    private static void dataset(JsonGenerator json, EvaluationDataset one) {
        text(json, "dataset_id", one.id());
        text(json, "name", one.name());
        text(json, "tags", Json.write(one.tags()));
        text(json, "schema", one.schema());
        if (one.records() > 0) {
            text(json, "profile", "{\"num_records\": " + one.records() + "}");
        }
        text(json, "digest", one.digest());
        json.writeNumberProperty("created_time", one.createdAt());
        json.writeNumberProperty("last_update_time", one.updatedAt());
        text(json, "created_by", one.createdBy());
        text(json, "last_updated_by", one.updatedBy());
        ids(json, one.experiments());
    }

    private static void ids(JsonGenerator json, List<Long> ids) {
        json.writeArrayPropertyStart("experiment_ids");
        ids.forEach(id -> json.writeString(Long.toString(id)));
        json.writeEndArray();
    }

    private static ObjectNode record(String dataset, EvaluationDataset.Entry one) {
        ObjectNode record = Json.object();
        record.put("dataset_record_id", one.id());
        record.put("dataset_id", dataset);
        record.set("inputs", Json.parse(one.inputs()));
        set(record, "outputs", one.outputs());
        set(record, "expectations", one.expectations());
        record.set("tags", one.tags() == null ? Json.object() : Json.parse(one.tags()));
        set(record, "source", one.source());
        JsonNode source = record.path("source");
        if (source.path("source_type").isString()) {
            record.put("source_type", source.path("source_type").stringValue());
            JsonNode data = source.path("source_data");
            JsonNode where =
                    data.path(source.path("source_type").stringValue().equals("TRACE") ? "trace_id" : "source_id");
            if (where.isString()) {
                record.put("source_id", where.stringValue());
            }
        }
        record.put("created_time", one.createdAt());
        record.put("last_update_time", one.updatedAt());
        if (one.createdBy() != null) {
            record.put("created_by", one.createdBy());
        }
        if (one.updatedBy() != null) {
            record.put("last_updated_by", one.updatedBy());
        }
        return record;
    }

    private static void set(ObjectNode record, String field, @Nullable String json) {
        if (json != null) {
            record.set(field, Json.parse(json));
        }
    }
}
