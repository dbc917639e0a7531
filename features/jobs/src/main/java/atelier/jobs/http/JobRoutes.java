package atelier.jobs.http;

import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Filter;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.Scheduled;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/jobs`: submit, look, list, cancel, archive, delete.
public final class JobRoutes {
    private static final String ALL = Arm.WORKSPACE + "/jobs";
    private static final String ONE = ALL + "/{name}";
    private static final String OWN = Arm.WORKSPACE + "/atelier/jobs/{name}";
    private static final int PAGE = 100;
    private final Jobs jobs;
    private final Workspaces workspaces;

    public JobRoutes(Jobs jobs, Workspaces workspaces) {
        this.jobs = jobs;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(ALL, this::list)
                .get(ONE, this::get)
                .put(ONE, this::put)
                .delete(ONE, this::delete)
                .post(ONE + "/cancel", this::cancel)
                .get(OWN + "/cancellation", this::cancellation)
                .get(OWN + "/history", this::history);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Filter filter = new Filter(
                archived(exchange.query("listViewType", "ActiveOnly")),
                given(exchange, "jobType"),
                given(exchange, "tag"),
                given(exchange, "experimentName"),
                scheduled(exchange));
        int top = Math.clamp(exchange.query("$top", PAGE), 1, PAGE);
        Page<Job> page = jobs.list(workspace, filter, given(exchange, "$skip"), top);
        return Response.ok(Arm.list(
                page.items().stream()
                        .map(job -> JobResource.of(workspace, job, exchange.baseUrl()))
                        .toList(),
                Arm.next(exchange, page.next())));
    }

    /// `scheduled` and `scheduleId` (a name or an ARM id), as the SDK's `schedule_defined` and `scheduled_job_name`.
    private static @Nullable Scheduled scheduled(Exchange exchange) {
        String schedule = given(exchange, "scheduleId");
        String yes = given(exchange, "scheduled");
        if (schedule == null && yes == null) {
            return null;
        }
        return new Scheduled(
                schedule != null || "true".equalsIgnoreCase(yes),
                schedule == null ? null : schedule.substring(schedule.lastIndexOf('/') + 1));
    }

    private static @Nullable String given(Exchange exchange, String name) {
        String value = exchange.query(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static @Nullable Boolean archived(String view) {
        return switch (view.toLowerCase(Locale.ROOT)) {
            case "archivedonly" -> true;
            case "all" -> null;
            default -> false;
        };
    }

    private Response get(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(JobResource.of(workspace, jobs.get(workspace, exchange.path("name")), exchange.baseUrl()));
    }

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode properties)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        Optional<Job> existing = jobs.find(workspace, name);
        Job job = existing.isPresent()
                ? jobs.change(workspace, name, properties, exchange.caller())
                : jobs.submit(workspace, name, withoutServerFields(properties), null, exchange.caller());
        return Response.json(existing.isPresent() ? 200 : 201, JobResource.of(workspace, job, exchange.baseUrl()));
    }

    /// A job that was read from here and is sent again under a new name brings these along.
    private static ObjectNode withoutServerFields(ObjectNode properties) {
        ObjectNode clean = properties.deepCopy();
        clean.remove(List.of("status", "error", "startTimeUtc", "endTimeUtc", "parentJobName"));
        if (clean.get("services") instanceof ObjectNode services) {
            services.remove(List.of("Tracking", "Studio"));
        }
        return clean;
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        if (jobs.find(workspace, name).isEmpty()) {
            return Response.status(204);
        }
        jobs.delete(workspace, name, exchange.caller());
        return Response.status(200);
    }

    private Response cancel(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        jobs.cancel(workspace, name, exchange.caller());
        return waiting(exchange, workspace, name);
    }

    private static Response waiting(Exchange exchange, Workspace workspace, String name) {
        return Response.status(202)
                .header(
                        "Location",
                        exchange.baseUrl() + workspace.armId() + "/atelier/jobs/" + name
                                + "/cancellation?api-version=2024-04-01")
                .header("Retry-After", "1");
    }

    /// 202 while the job still ends, 200 when it has.
    private Response cancellation(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Job job = jobs.get(workspace, exchange.path("name"));
        return job.isFinal()
                ? Response.ok(JobResource.of(workspace, job, exchange.baseUrl()))
                : waiting(exchange, workspace, job.name());
    }

    private Response history(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Job job = jobs.get(workspace, exchange.path("name"));
        ArrayNode value = Json.array();
        jobs.history(workspace, job.name())
                .forEach(change ->
                        value.add(Json.object().put("status", change.status()).put("at", Arm.time(change.at()))));
        return Response.ok(Json.object().set("value", value));
    }
}
