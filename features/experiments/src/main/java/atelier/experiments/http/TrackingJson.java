package atelier.experiments.http;

import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.number;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.text;
import static atelier.mlflow.MlflowJson.value;

import atelier.experiments.DatasetInput;
import atelier.experiments.Entry;
import atelier.experiments.Experiment;
import atelier.experiments.LoggedModel;
import atelier.experiments.Metric;
import atelier.experiments.ModelLink;
import atelier.experiments.Run;
import atelier.mlflow.MlflowRequest;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// Shapes of MLflow's messages: `Experiment`, `Run`, `Metric`, `LoggedModel` and what they hold.
final class TrackingJson {
    private TrackingJson() {}

    static void experiment(JsonGenerator json, Experiment experiment) {
        text(json, "experiment_id", Long.toString(experiment.id()));
        text(json, "name", experiment.name());
        text(json, "artifact_location", experiment.artifactLocation());
        text(json, "lifecycle_stage", experiment.lifecycle());
        number(json, "last_update_time", experiment.updatedAt());
        number(json, "creation_time", experiment.createdAt());
        list(json, "tags", experiment.tags(), TrackingJson::entry);
    }

    static void entry(JsonGenerator json, Entry entry) {
        text(json, "key", entry.key());
        text(json, "value", entry.value());
    }

    static void metric(JsonGenerator json, Metric metric) {
        text(json, "key", metric.key());
        value(json, "value", metric.value());
        number(json, "timestamp", metric.timestamp());
        number(json, "step", metric.step());
    }

    static void info(JsonGenerator json, Run.Head run) {
        text(json, "run_uuid", run.runId());
        text(json, "experiment_id", Long.toString(run.experiment()));
        text(json, "run_name", run.name());
        text(json, "user_id", run.userId());
        text(json, "status", run.status().name());
        number(json, "start_time", run.startTime());
        number(json, "end_time", run.endTime());
        text(json, "artifact_uri", run.artifactUri());
        text(json, "lifecycle_stage", run.lifecycle());
        text(json, "run_id", run.runId());
    }

    static void run(JsonGenerator json, Run run) {
        object(json, "info", j -> info(j, run.head()));
        object(json, "data", j -> {
            list(j, "metrics", run.metrics(), TrackingJson::metric);
            list(j, "params", run.params(), TrackingJson::entry);
            list(j, "tags", run.tags(), TrackingJson::entry);
        });
        object(json, "inputs", j -> {
            list(j, "dataset_inputs", run.datasets(), TrackingJson::dataset);
            list(j, "model_inputs", run.modelsIn(), (g, model) -> text(g, "model_id", model.modelId()));
        });
        object(json, "outputs", j -> list(j, "model_outputs", run.modelsOut(), TrackingJson::output));
    }

    private static void output(JsonGenerator json, ModelLink model) {
        text(json, "model_id", model.modelId());
        number(json, "step", model.step());
    }

    private static void dataset(JsonGenerator json, DatasetInput input) {
        list(json, "tags", input.tags(), TrackingJson::entry);
        object(json, "dataset", j -> {
            text(j, "name", input.name());
            text(j, "digest", input.digest());
            text(j, "source_type", input.sourceType());
            text(j, "source", input.source());
            text(j, "schema", input.schema());
            text(j, "profile", input.profile());
        });
    }

    static void loggedModel(JsonGenerator json, LoggedModel model) {
        object(json, "info", j -> {
            text(j, "model_id", model.modelId());
            text(j, "experiment_id", Long.toString(model.experiment()));
            text(j, "name", model.name());
            number(j, "creation_timestamp_ms", model.createdAt());
            number(j, "last_updated_timestamp_ms", model.updatedAt());
            text(j, "artifact_uri", model.artifactUri());
            text(j, "status", model.status().name());
            text(j, "model_type", model.modelType());
            text(j, "source_run_id", model.sourceRunId());
            list(j, "tags", model.tags(), TrackingJson::entry);
        });
        object(json, "data", j -> {
            list(j, "params", model.params(), TrackingJson::entry);
            list(j, "metrics", model.metrics(), (g, measure) -> {
                metric(g, measure.metric());
                text(g, "model_id", model.modelId());
                text(g, "run_id", measure.runId());
                if (!measure.datasetName().isEmpty()) {
                    text(g, "dataset_name", measure.datasetName());
                    text(g, "dataset_digest", measure.datasetDigest());
                }
            });
        });
    }

    /// Tags or parameters of a request; a missing value is the empty string.
    static List<Entry> entries(MlflowRequest request, String field) {
        List<Entry> entries = new ArrayList<>();
        for (MlflowRequest item : request.items(field)) {
            entries.add(new Entry(item.required("key"), item.text("value", "")));
        }
        return entries;
    }
}
