package atelier.traces;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.store.Database;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Assessments, evaluation data sets and scorers over HTTP, on each database.
abstract class EvaluationContract {
    private static final String OPINIONS = "3.0/mlflow/traces/tr-a/assessments";
    private Database database;
    private TracesServer mlflow;
    private String e;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        mlflow = new TracesServer(database);
        e = mlflow.experiment("e");
        mlflow.trace(e, "tr-a", 1000, "OK", Map.of());
    }

    @AfterEach
    void stop() {
        mlflow.close();
        database.close();
    }

    private JsonNode create(String inside) {
        var answer = mlflow.post(
                OPINIONS,
                "{\"assessment\": {\"source\": {\"source_type\": \"HUMAN\", \"source_id\": \"a@b\"}, " + inside + "}}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("assessment");
    }

    @Test
    void feedbackIsKeptChangedAndFound() {
        JsonNode made = create("\"assessment_name\": \"quality\", \"feedback\": {\"value\": {\"rating\": 4}},"
                + " \"rationale\": \"good\", \"metadata\": {\"a\": \"1\"}");
        String id = made.path("assessment_id").asString();
        assertThat(id).startsWith("a-");
        assertThat(made.path("valid").asBoolean()).isTrue();
        var changed = mlflow.send(
                "PATCH",
                OPINIONS + "/" + id,
                "{\"assessment\": {\"assessment_name\": \"q2\", \"feedback\": {\"value\": {\"rating\": 5}},"
                        + " \"metadata\": {\"b\": \"2\"}}, \"update_mask\": \"assessmentName,feedback,metadata\"}");
        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        JsonNode found = mlflow.get(OPINIONS + "/" + id).json().path("assessment");
        assertThat(found.path("assessment_name").asString()).isEqualTo("q2");
        assertThat(found.path("feedback").path("value").path("rating").asInt()).isEqualTo(5);
        assertThat(found.path("rationale").asString()).isEqualTo("good");
        assertThat(found.path("metadata").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(mlflow.send(
                                "PATCH",
                                OPINIONS + "/" + id,
                                "{\"assessment\": {\"expectation\": {\"value\": 1}}, \"update_mask\": \"expectation\"}")
                        .message())
                .contains("Cannot update expectation value on a Feedback");
        assertThat(mlflow.send("PATCH", OPINIONS + "/" + id, "{\"assessment\": {}, \"update_mask\": \"span_id\"}")
                        .message())
                .contains("update_mask");
    }

    @Test
    void anOverrideTakesThePlaceUntilItIsDeleted() {
        String first = create("\"assessment_name\": \"q\", \"feedback\": {\"value\": \"no\"}")
                .path("assessment_id")
                .asString();
        String second = create("\"assessment_name\": \"q\", \"feedback\": {\"value\": \"yes\"}, \"overrides\": \""
                        + first + "\"")
                .path("assessment_id")
                .asString();
        assertThat(valid(first)).isFalse();
        assertThat(mlflow.search(e, "feedback.q = 'no'")).isEmpty();
        assertThat(mlflow.search(e, "feedback.q = 'yes'")).containsExactly("tr-a");
        assertThat(mlflow.send("DELETE", OPINIONS + "/" + second, "").status()).isEqualTo(200);
        assertThat(mlflow.get(OPINIONS + "/" + second).status()).isEqualTo(404);
        assertThat(valid(first)).isTrue();
        assertThat(mlflow.send("DELETE", OPINIONS + "/" + second, "").status()).isEqualTo(200);
        assertThat(mlflow.post(
                                OPINIONS,
                                "{\"assessment\": {\"assessment_name\": \"q\", \"feedback\": {\"value\": 1},"
                                        + " \"overrides\": \"a-none\"}}")
                        .code())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }

    private boolean valid(String id) {
        return mlflow.get(OPINIONS + "/" + id)
                .json()
                .path("assessment")
                .path("valid")
                .asBoolean();
    }

    @Test
    void opinionsAreSearchedByValue() {
        mlflow.trace(e, "tr-b", 2000, "OK", Map.of());
        create("\"assessment_name\": \"score\", \"feedback\": {\"value\": 0.8}");
        create("\"assessment_name\": \"ok\", \"feedback\": {\"value\": true}");
        create("\"assessment_name\": \"answer\", \"expectation\": {\"value\": \"Paris\"}");
        assertThat(mlflow.search(e, "feedback.score > 0.5")).containsExactly("tr-a");
        assertThat(mlflow.search(e, "feedback.score > 0.9")).isEmpty();
        assertThat(mlflow.search(e, "feedback.ok = 'true'")).containsExactly("tr-a");
        assertThat(mlflow.search(e, "expectation.answer ILIKE 'par%'")).containsExactly("tr-a");
        assertThat(mlflow.search(e, "expectation.answer RLIKE '^P'")).containsExactly("tr-a");
        assertThat(mlflow.search(e, "feedback.score IS NULL")).containsExactly("tr-b");
        assertThat(mlflow.search(e, "feedback.score > 'x'").getFirst()).startsWith("400 Expected a numeric value");
        assertThat(mlflow.get("3.0/mlflow/traces/tr-a")
                        .json()
                        .path("trace")
                        .path("trace_info")
                        .path("assessments")
                        .size())
                .isEqualTo(3);
    }

    @Test
    void anExpectationOfManyPartsIsATextOfJson() {
        JsonNode made = create("\"assessment_name\": \"facts\", \"expectation\": {\"serialized_value\":"
                + " {\"serialization_format\": \"JSON_FORMAT\", \"value\": \"[\\\"a\\\", 1]\"}}");
        assertThat(made.path("expectation")
                        .path("serialized_value")
                        .path("value")
                        .asString())
                .isEqualTo("[\"a\",1]");
        for (String bad : new String[] {
            "\"assessment_name\": \"x\"",
            "\"feedback\": {\"value\": 1}",
            "\"assessment_name\": \"x\", \"feedback\": {\"value\": 1}, \"expectation\": {\"value\": 1}",
            "\"assessment_name\": \"x\", \"feedback\": {\"value\": 1}, \"source\": {\"source_type\": \"GOD\"}",
            "\"assessment_name\": \"x\", \"expectation\": {\"serialized_value\": {\"value\": \"{\"}}"
        }) {
            assertThat(mlflow.post(OPINIONS, "{\"assessment\": {" + bad + "}}").code())
                    .as(bad)
                    .isEqualTo("INVALID_PARAMETER_VALUE");
        }
    }

    private String dataset(String name, String tags) {
        return mlflow.post(
                        "3.0/mlflow/datasets/create",
                        Json.object()
                                .put("name", name)
                                .put("tags", tags)
                                .set("experiment_ids", Json.array().add(e))
                                .toString())
                .json()
                .path("dataset")
                .path("dataset_id")
                .asString();
    }

    @Test
    void recordsOfTheSameInputsAreOne() {
        String id = dataset("d", "{\"mlflow.user\": \"ann\"}");
        var first = records(
                id,
                "[{\"inputs\": {\"q\": \"a\", \"n\": 1}, \"outputs\": \"x\"}, {\"inputs\": {\"q\": \"b\"},"
                        + " \"expectations\": {\"e\": 1}, \"tags\": {\"t\": \"1\"}}]");
        assertThat(first.toString()).isEqualTo("{\"inserted_count\":2,\"updated_count\":0}");
        var second = records(
                id,
                "[{\"inputs\": {\"n\": 1, \"q\": \"a\"}, \"outputs\": \"y\"}, {\"inputs\": {\"q\": \"b\"},"
                        + " \"expectations\": {\"f\": 2}, \"tags\": {\"u\": \"2\"}}]");
        assertThat(second.toString()).isEqualTo("{\"inserted_count\":0,\"updated_count\":2}");
        JsonNode kept = Json.parse(mlflow.get("3.0/mlflow/datasets/" + id + "/records")
                .json()
                .path("records")
                .asString());
        assertThat(kept.size()).isEqualTo(2);
        assertThat(kept.path(0).path("outputs").asString()).isEqualTo("y");
        assertThat(kept.path(1).path("expectations").toString()).isEqualTo("{\"e\":1,\"f\":2}");
        JsonNode told = mlflow.get("3.0/mlflow/datasets/" + id).json().path("dataset");
        assertThat(told.path("profile").asString()).isEqualTo("{\"num_records\": 2}");
        assertThat(told.path("schema").asString()).contains("\"q\":\"string\"").contains("\"n\":\"integer\"");
        assertThat(told.path("created_by").asString()).isEqualTo("ann");

        JsonNode page = mlflow.get("3.0/mlflow/datasets/" + id + "/records?max_results=1")
                .json();
        JsonNode rest = mlflow.get("3.0/mlflow/datasets/" + id + "/records?max_results=1&page_token="
                        + page.path("next_page_token").asString())
                .json();
        assertThat(Json.parse(rest.path("records").asString()).path(0).path("dataset_record_id"))
                .isEqualTo(kept.path(1).path("dataset_record_id"));
        assertThat(rest.has("next_page_token")).isFalse();
        String one = kept.path(0).path("dataset_record_id").asString();
        assertThat(mlflow.send(
                                "DELETE",
                                "3.0/mlflow/datasets/" + id + "/records",
                                "{\"dataset_record_ids\": [\"" + one + "\", \"none\"]}")
                        .json()
                        .path("deleted_count")
                        .asInt())
                .isEqualTo(1);
    }

    private JsonNode records(String id, String records) {
        return mlflow.post(
                        "3.0/mlflow/datasets/" + id + "/records",
                        Json.object().put("records", records).toString())
                .json();
    }

    @Test
    void badRecordsAreRefusedWhole() {
        String id = dataset("d", "{}");
        for (String bad : new String[] {
            "nonsense", "{}", "[1]", "[{\"inputs\": {\"q\": 1}}, {\"outputs\": 1}]", "[{\"inputs\": {}, \"tags\": []}]"
        }) {
            assertThat(records(id, bad).path("error_code").asString()).as(bad).isEqualTo("INVALID_PARAMETER_VALUE");
        }
        assertThat(Json.parse(mlflow.get("3.0/mlflow/datasets/" + id + "/records")
                                .json()
                                .path("records")
                                .asString())
                        .size())
                .isZero();
        assertThat(records("d-none", "[]").path("error_code").asString()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void datasetsAreSearchedTaggedAndDeleted() {
        String one = dataset("one", "{\"team\": \"ml\"}");
        mlflow.clock.tick(java.time.Duration.ofSeconds(1));
        String two = dataset("two", "{\"team\": \"data\", \"n\": 5, \"none\": null}");
        String other = mlflow.experiment("other");
        assertThat(found("")).isEqualTo("[two, one]");
        assertThat(found("\"filter_string\": \"tags.team = 'ml'\"")).isEqualTo("[one]");
        assertThat(found("\"filter_string\": \"name IN ('one', 'x')\"")).isEqualTo("[one]");
        assertThat(found("\"order_by\": [\"name\"]")).isEqualTo("[one, two]");
        assertThat(found("\"experiment_ids\": [\"" + other + "\"]")).isEqualTo("[]");
        mlflow.post("3.0/mlflow/datasets/" + two + "/add-experiments", "{\"experiment_ids\": [\"" + other + "\"]}");
        assertThat(found("\"experiment_ids\": [\"" + other + "\"]")).isEqualTo("[two]");
        mlflow.post("3.0/mlflow/datasets/" + two + "/remove-experiments", "{\"experiment_ids\": [\"" + e + "\"]}");
        assertThat(mlflow.get("3.0/mlflow/datasets/" + two + "/experiment-ids")
                        .json()
                        .toString())
                .isEqualTo("{\"experiment_ids\":[\"" + other + "\"]}");
        assertThat(mlflow.post(
                                "3.0/mlflow/datasets/" + two + "/add-experiments",
                                "{\"experiment_ids\": [\"" + other + "\", \"999\"]}")
                        .code())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
        mlflow.send("PATCH", "3.0/mlflow/datasets/" + one + "/tags", "{\"tags\": \"{\\\"a\\\": \\\"b\\\"}\"}");
        mlflow.send("DELETE", "3.0/mlflow/datasets/" + one + "/tags/team", "");
        assertThat(mlflow.get("3.0/mlflow/datasets/" + one)
                        .json()
                        .path("dataset")
                        .path("tags")
                        .asString())
                .isEqualTo("{\"a\":\"b\"}");
        assertThat(mlflow.send("DELETE", "3.0/mlflow/datasets/" + one, "").status())
                .isEqualTo(200);
        assertThat(mlflow.get("3.0/mlflow/datasets/" + one).message()).contains("not found");
    }

    private String found(String query) {
        var answer = mlflow.post("3.0/mlflow/datasets/search", "{" + query + "}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json()
                .path("datasets")
                .valueStream()
                .map(d -> d.path("name").asString())
                .toList()
                .toString();
    }

    private long register(String name, String serialized) {
        return mlflow.post(
                        "3.0/mlflow/scorers/register",
                        Json.object()
                                .put("experiment_id", e)
                                .put("name", name)
                                .put("serialized_scorer", serialized)
                                .toString())
                .json()
                .path("version")
                .asLong(-1);
    }

    @Test
    void scorersHaveVersions() {
        assertThat(register("s", "{\"a\": 1}")).isEqualTo(1);
        assertThat(register("s", "{\"a\": 2}")).isEqualTo(2);
        assertThat(register("r", "{}")).isEqualTo(1);
        assertThat(register("x", "nonsense")).isEqualTo(-1);
        String of = "experiment_id=" + e + "&name=s";
        JsonNode all =
                mlflow.get("3.0/mlflow/scorers/list?experiment_id=" + e).json().path("scorers");
        assertThat(all.size()).isEqualTo(2);
        assertThat(all.path(1).path("scorer_version").asLong()).isEqualTo(2);
        assertThat(mlflow.get("3.0/mlflow/scorers/list").json().path("scorers").size())
                .isEqualTo(2);
        assertThat(mlflow.get("3.0/mlflow/scorers/versions?" + of)
                        .json()
                        .path("scorers")
                        .size())
                .isEqualTo(2);
        assertThat(mlflow.get("3.0/mlflow/scorers/get?" + of + "&version=1")
                        .json()
                        .path("scorer")
                        .path("serialized_scorer")
                        .asString())
                .isEqualTo("{\"a\": 1}");
        String body = "{\"experiment_id\": \"" + e + "\", \"name\": \"s\"";
        mlflow.send("DELETE", "3.0/mlflow/scorers/delete", body + ", \"version\": 2}");
        assertThat(register("s", "{}")).isEqualTo(3);
        mlflow.send("DELETE", "3.0/mlflow/scorers/delete", body + "}");
        assertThat(mlflow.get("3.0/mlflow/scorers/versions?" + of).code()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(mlflow.get("3.0/mlflow/scorers/get?" + of).status()).isEqualTo(404);
    }

    @Test
    void issuesAreKeptChangedAndCounted() {
        String body =
                "{\"experiment_id\": \"" + e + "\", \"name\": \"slow\", \"description\": \"d\", \"severity\": \"%s\"}";
        JsonNode low =
                mlflow.post("3.0/mlflow/issues", body.formatted("low")).json().path("issue");
        JsonNode high =
                mlflow.post("3.0/mlflow/issues", body.formatted("high")).json().path("issue");
        assertThat(low.path("status").asString()).isEqualTo("pending");
        assertThat(mlflow.post("3.0/mlflow/issues", body.formatted("extreme")).message())
                .contains("severity");
        String id = low.path("issue_id").asString();
        create("\"assessment_name\": \"" + id + "\", \"issue\": {\"issue_name\": \"slow\"}");
        assertThat(mlflow.search(e, "issue.id = '" + id + "'")).containsExactly("tr-a");
        JsonNode found = mlflow.post("3.0/mlflow/issues/search", "{\"include_trace_count\": true}")
                .json();
        assertThat(found.path("issues").path(0).path("issue_id")).isEqualTo(high.path("issue_id"));
        assertThat(found.path("issues").path(1).path("trace_count").asInt()).isEqualTo(1);
        mlflow.send("PATCH", "3.0/mlflow/issues/" + id, "{\"status\": \"resolved\"}");
        assertThat(mlflow.post("3.0/mlflow/issues/search", "{\"filter_string\": \"status = 'resolved'\"}")
                        .json()
                        .path("issues")
                        .size())
                .isEqualTo(1);
        assertThat(mlflow.get("3.0/mlflow/issues/none").code()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }
}
