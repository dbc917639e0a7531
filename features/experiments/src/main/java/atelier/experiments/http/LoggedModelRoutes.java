package atelier.experiments.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.experiments.Artifacts;
import atelier.experiments.LoggedModel;
import atelier.experiments.LoggedModels;
import atelier.experiments.internal.SqlLoggedModels;
import atelier.mlflow.Filter;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.mlflow.OrderBy;
import atelier.mlflow.PageToken;
import atelier.web.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `logged-models/*` of MLflow 3's REST API.
public final class LoggedModelRoutes {
    private static final int DEFAULT_RESULTS = 50;
    private static final int MAX_RESULTS = 1000;
    private final LoggedModels models;
    private final Artifacts artifacts;

    public LoggedModelRoutes(LoggedModels models, Artifacts artifacts) {
        this.models = models;
        this.artifacts = artifacts;
    }

    public void mount(MlflowRoutes routes) {
        routes.call("POST", "logged-models", this::create)
                .call("POST", "logged-models/search", this::search)
                .call("GET", "logged-models/{model}", this::get)
                .call("PATCH", "logged-models/{model}", this::finish)
                .call("DELETE", "logged-models/{model}", this::delete)
                .call("PATCH", "logged-models/{model}/tags", this::setTags)
                .call("DELETE", "logged-models/{model}/tags/{key}", this::deleteTag)
                .call("POST", "logged-models/{model}/params", this::addParams)
                .call("GET", "logged-models/{model}/artifacts/directories", this::listArtifacts)
                .call("GET", "logged-models/{model}/artifacts/files", this::file);
    }

    private static String id(MlflowRequest request) {
        return request.exchange().path("model");
    }

    private Response create(MlflowRequest request) {
        return one(models.create(
                request.workspace(),
                new LoggedModels.NewModel(
                        request.requiredId("experiment_id"),
                        request.text("name", ""),
                        request.text("model_type", ""),
                        request.text("source_run_id", ""),
                        TrackingJson.entries(request, "params"),
                        TrackingJson.entries(request, "tags"))));
    }

    private Response get(MlflowRequest request) {
        return one(models.get(request.workspace(), id(request)));
    }

    private Response finish(MlflowRequest request) {
        LoggedModel.Status status = request.choice("status", LoggedModel.Status.BY_NAME);
        if (status == null) {
            throw request.missing("status");
        }
        return one(models.finish(request.workspace(), id(request), status));
    }

    private Response delete(MlflowRequest request) {
        models.delete(request.workspace(), id(request));
        return nothing();
    }

    private Response setTags(MlflowRequest request) {
        models.setTags(request.workspace(), id(request), TrackingJson.entries(request, "tags"));
        return one(models.get(request.workspace(), id(request)));
    }

    private Response deleteTag(MlflowRequest request) {
        models.deleteTag(request.workspace(), id(request), request.exchange().path("key"));
        return nothing();
    }

    private Response addParams(MlflowRequest request) {
        models.addParams(request.workspace(), id(request), TrackingJson.entries(request, "params"));
        return nothing();
    }

    private Response search(MlflowRequest request) {
        List<String> ids = request.texts("experiment_ids");
        if (ids.isEmpty()) {
            throw request.missing("experiment_ids");
        }
        List<LoggedModel.OnDataset> datasets = request.items("datasets").stream()
                .map(d -> new LoggedModel.OnDataset(d.required("dataset_name"), d.text("dataset_digest", "")))
                .toList();
        List<SqlLoggedModels.Order> orders = new ArrayList<>();
        for (MlflowRequest order : request.items("order_by")) {
            String clause = order.required("field_name") + (order.bool("ascending", true) ? " ASC" : " DESC");
            orders.add(new SqlLoggedModels.Order(
                    SqlLoggedModels.VOCABULARY
                            .orders(OrderBy.parse(List.of(clause)))
                            .getFirst(),
                    new LoggedModel.OnDataset(order.text("dataset_name", ""), order.text("dataset_digest", ""))));
        }
        int max = request.maxResults(DEFAULT_RESULTS, MAX_RESULTS);
        int offset = PageToken.offset(request.text("page_token"));
        List<LoggedModel> found = models.search(
                request.workspace(),
                new SqlLoggedModels.Query(
                        RunRoutes.experimentNumbers(ids),
                        SqlLoggedModels.VOCABULARY.terms(Filter.parse(request.text("filter"))),
                        datasets,
                        orders,
                        max,
                        offset));
        boolean more = found.size() > max;
        return stream(json -> {
            list(json, "models", more ? found.subList(0, max) : found, TrackingJson::loggedModel);
            text(json, "next_page_token", RunRoutes.token(more ? offset + max : -1));
        });
    }

    private Response listArtifacts(MlflowRequest request) {
        LoggedModel model = models.get(request.workspace(), id(request));
        String path = request.text("artifact_directory_path", "");
        return ArtifactRoutes.files(
                model.artifactUri(), path, artifacts.listUri(request.workspace(), model.artifactUri(), path));
    }

    private Response file(MlflowRequest request) throws IOException {
        LoggedModel model = models.get(request.workspace(), id(request));
        return ArtifactRoutes.download(
                artifacts.openUri(request.workspace(), model.artifactUri(), request.required("artifact_file_path")));
    }

    private static Response one(LoggedModel model) {
        return answer(json -> object(json, "model", j -> TrackingJson.loggedModel(j, model)));
    }
}
