package atelier.traces.http;

import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.mlflow.MlflowJson;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.traces.Scorers;
import atelier.web.Response;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `scorers/*` of MLflow's REST API 3.0.
public final class ScorerRoutes {
    private final Scorers scorers;

    public ScorerRoutes(Scorers scorers) {
        this.scorers = scorers;
    }

    public void mount(MlflowRoutes routes) {
        routes.call3("POST", "scorers/register", this::register)
                .call3("GET", "scorers/list", this::list)
                .call3("GET", "scorers/versions", this::versions)
                .call3("GET", "scorers/get", this::get)
                .call3("DELETE", "scorers/delete", this::delete)
                .call3("GET", "scorers/online-configs", ScorerRoutes::configs);
    }

    private Response register(MlflowRequest request) {
        Scorers.Version made = scorers.register(
                request.workspace(),
                request.requiredId("experiment_id"),
                request.required("name"),
                request.required("serialized_scorer"));
        return MlflowJson.answer(json -> {
            json.writeNumberProperty("version", made.version());
            text(json, "scorer_id", made.scorerId());
            text(json, "experiment_id", Long.toString(made.experiment()));
            text(json, "name", made.name());
            text(json, "serialized_scorer", made.serialized());
            json.writeNumberProperty("creation_time", made.createdAt());
        });
    }

    private Response list(MlflowRequest request) {
        boolean one = request.has("experiment_id");
        if (one && request.has("experiment_ids")) {
            throw MlflowRequest.invalid("Cannot specify both 'experiment_id' and 'experiment_ids'. Use 'experiment_ids'"
                    + " to scope the query to multiple experiments, or 'experiment_id' to scope it to a single"
                    + " experiment.");
        }
        List<String> experiments = one
                ? List.of(request.requiredId("experiment_id"))
                : request.has("experiment_ids") ? request.texts("experiment_ids") : null;
        return all(scorers.list(request.workspace(), experiments));
    }

    private Response versions(MlflowRequest request) {
        return all(
                scorers.versions(request.workspace(), request.requiredId("experiment_id"), request.required("name")));
    }

    private static Response all(List<Scorers.Version> found) {
        return stream(json -> MlflowJson.list(json, "scorers", found, ScorerRoutes::version));
    }

    private Response get(MlflowRequest request) {
        Scorers.Version found = scorers.get(
                request.workspace(),
                request.requiredId("experiment_id"),
                request.required("name"),
                request.integer("version"));
        return MlflowJson.answer(json -> object(json, "scorer", one -> version(one, found)));
    }

    private Response delete(MlflowRequest request) {
        scorers.delete(
                request.workspace(),
                request.requiredId("experiment_id"),
                request.required("name"),
                request.integer("version"));
        return nothing();
    }

    /// No scorer runs by itself on this server, so none has a configuration for that.
    private static Response configs(MlflowRequest request) {
        return MlflowJson.answer(json -> {
            json.writeArrayPropertyStart("configs");
            json.writeEndArray();
        });
    }

    private static void version(JsonGenerator json, Scorers.Version one) {
        json.writeNumberProperty("experiment_id", one.experiment());
        text(json, "scorer_name", one.name());
        json.writeNumberProperty("scorer_version", one.version());
        text(json, "serialized_scorer", one.serialized());
        json.writeNumberProperty("creation_time", one.createdAt());
        text(json, "scorer_id", one.scorerId());
    }
}
