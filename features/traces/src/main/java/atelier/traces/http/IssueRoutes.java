package atelier.traces.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.number;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.kernel.Page;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.traces.Issue;
import atelier.traces.Issues;
import atelier.web.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// `issues/*` of MLflow's REST API 3.0.
public final class IssueRoutes {
    private static final int DEFAULT_RESULTS = 1000;
    private static final int MAX_RESULTS = 50_000;
    private final Issues issues;

    public IssueRoutes(Issues issues) {
        this.issues = issues;
    }

    public void mount(MlflowRoutes routes) {
        routes.call3("POST", "issues", this::create)
                .call3("POST", "issues/search", this::search)
                .call3("GET", "issues/{issue}", this::get)
                .call3("PATCH", "issues/{issue}", this::update);
    }

    private Response create(MlflowRequest request) {
        long experiment = TraceForms.experimentId(request.requiredId("experiment_id"));
        String status = request.text("status", "");
        return one(issues.create(
                request.workspace(),
                new Issue(
                        "",
                        experiment,
                        request.required("name"),
                        request.required("description"),
                        status.isEmpty() ? "pending" : status,
                        some(request.text("severity")),
                        request.texts("root_causes"),
                        request.texts("categories"),
                        some(request.text("source_run_id")),
                        some(request.text("created_by")),
                        0,
                        0)));
    }

    private static @Nullable String some(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private Response get(MlflowRequest request) {
        return one(issues.get(request.workspace(), request.exchange().path("issue")));
    }

    private Response update(MlflowRequest request) {
        return one(issues.update(
                request.workspace(),
                request.exchange().path("issue"),
                new Issue.Change(
                        some(request.text("name")),
                        request.text("description"),
                        some(request.text("status")),
                        some(request.text("severity")))));
    }

    private Response search(MlflowRequest request) {
        String experiment = some(request.text("experiment_id"));
        Page<Issue> page = issues.search(
                request.workspace(),
                experiment == null ? null : (Long) TraceForms.experimentId(experiment),
                request.text("filter_string"),
                request.maxResults(DEFAULT_RESULTS, MAX_RESULTS),
                request.text("page_token"));
        Map<String, Long> seen = request.bool("include_trace_count", false)
                ? issues.traces(
                        request.workspace(),
                        page.items().stream().map(Issue::id).toList())
                : Map.of();
        boolean counted = request.bool("include_trace_count", false);
        return stream(json -> {
            list(json, "issues", page.items(), (item, issue) -> {
                issue(item, issue);
                if (counted) {
                    item.writeNumberProperty("trace_count", seen.getOrDefault(issue.id(), 0L));
                }
            });
            // Unlike elsewhere, MLflow says an empty token at the end here.
            String next = page.next();
            text(json, "next_page_token", next == null ? "" : next);
        });
    }

    private static Response one(Issue issue) {
        return answer(json -> object(json, "issue", i -> issue(i, issue)));
    }

    private static void issue(JsonGenerator json, Issue issue) {
        text(json, "issue_id", issue.id());
        text(json, "experiment_id", Long.toString(issue.experiment()));
        text(json, "name", issue.name());
        text(json, "description", issue.description());
        text(json, "status", issue.status());
        text(json, "severity", issue.severity());
        texts(json, "root_causes", issue.rootCauses());
        text(json, "source_run_id", issue.sourceRunId());
        number(json, "created_timestamp", issue.createdAt());
        number(json, "last_updated_timestamp", issue.updatedAt());
        text(json, "created_by", issue.createdBy());
        texts(json, "categories", issue.categories());
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            json.writeArrayPropertyStart(name);
            texts.forEach(json::writeString);
            json.writeEndArray();
        }
    }
}
