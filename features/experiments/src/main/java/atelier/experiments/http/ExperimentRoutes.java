package atelier.experiments.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.experiments.Entry;
import atelier.experiments.Experiment;
import atelier.experiments.Experiments;
import atelier.experiments.Tracking;
import atelier.experiments.ViewType;
import atelier.kernel.Page;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.web.Response;
import java.util.List;
import java.util.Objects;

/// `experiments/*` of MLflow's REST API.
public final class ExperimentRoutes {
    private static final int MAX_SEARCHED = 20;
    private static final int MAX_RESULTS = 50_000;
    private final Experiments experiments;
    private final Tracking tracking;

    public ExperimentRoutes(Experiments experiments, Tracking tracking) {
        this.experiments = experiments;
        this.tracking = tracking;
    }

    public void mount(MlflowRoutes routes) {
        routes.call("POST", "experiments/create", this::create)
                .call("GET", "experiments/get", this::get)
                .call("GET", "experiments/get-by-name", this::getByName)
                .call("POST", "experiments/update", this::update)
                .call("POST", "experiments/delete", this::delete)
                .call("POST", "experiments/restore", this::restore)
                .call("POST", "experiments/set-experiment-tag", this::setTag)
                .call("POST", "experiments/delete-experiment-tag", this::deleteTag)
                .call("POST", "experiments/search", this::search)
                .call("GET", "experiments/search", this::search)
                .call("POST", "experiments/search-datasets", this::searchDatasets);
    }

    private Response create(MlflowRequest request) {
        long id = experiments.create(
                request.workspace(),
                request.required("name"),
                request.text("artifact_location"),
                TrackingJson.entries(request, "tags"));
        return answer(json -> text(json, "experiment_id", Long.toString(id)));
    }

    private Response get(MlflowRequest request) {
        return one(experiments.get(request.workspace(), request.requiredId("experiment_id")));
    }

    private Response getByName(MlflowRequest request) {
        return one(experiments.getByName(request.workspace(), request.required("experiment_name")));
    }

    private static Response one(Experiment experiment) {
        return answer(json -> object(json, "experiment", j -> TrackingJson.experiment(j, experiment)));
    }

    private Response update(MlflowRequest request) {
        experiments.rename(request.workspace(), request.requiredId("experiment_id"), request.required("new_name"));
        return nothing();
    }

    private Response delete(MlflowRequest request) {
        experiments.delete(request.workspace(), request.requiredId("experiment_id"));
        return nothing();
    }

    private Response restore(MlflowRequest request) {
        experiments.restore(request.workspace(), request.requiredId("experiment_id"));
        return nothing();
    }

    private Response setTag(MlflowRequest request) {
        experiments.setTag(
                request.workspace(),
                request.requiredId("experiment_id"),
                new Entry(request.required("key"), request.text("value", "")));
        return nothing();
    }

    private Response deleteTag(MlflowRequest request) {
        experiments.deleteTag(request.workspace(), request.requiredId("experiment_id"), request.required("key"));
        return nothing();
    }

    private Response search(MlflowRequest request) {
        // An absent max_results is 0 to MLflow, hence refused; its clients always send one.
        int max = request.maxResults(0, MAX_RESULTS);
        ViewType view = Objects.requireNonNullElse(request.choice("view_type", ViewType.BY_NAME), ViewType.ACTIVE_ONLY);
        Page<Experiment> page = experiments.search(
                request.workspace(),
                request.text("filter"),
                request.texts("order_by"),
                view,
                max,
                request.text("page_token"));
        return stream(json -> {
            list(json, "experiments", page.items(), TrackingJson::experiment);
            text(json, "next_page_token", page.next());
        });
    }

    private Response searchDatasets(MlflowRequest request) {
        List<String> ids = request.texts("experiment_ids");
        if (ids.isEmpty()) {
            throw MlflowRequest.invalid("SearchDatasets request must specify at least one experiment_id.");
        }
        if (ids.size() > MAX_SEARCHED) {
            throw MlflowRequest.invalid("SearchDatasets request cannot specify more than " + MAX_SEARCHED
                    + " experiment_ids. Received " + ids.size() + " experiment_ids.");
        }
        var found = tracking.datasets(request.workspace(), RunRoutes.experimentNumbers(ids));
        return answer(json -> list(json, "dataset_summaries", found, (j, summary) -> {
            text(j, "experiment_id", Long.toString(summary.experiment()));
            text(j, "name", summary.name());
            text(j, "digest", summary.digest());
            if (!summary.context().isEmpty()) {
                text(j, "context", summary.context());
            }
        }));
    }
}
