package atelier.schedules.http;

import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.schedules.Fire;
import atelier.schedules.Schedule;
import atelier.schedules.Schedules;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/schedules` (specification machinelearningservices/…/mfe.json, Schedules) and what the page of schedules
/// asks besides. Changes answer as long-running operations that have ended when they are first polled.
public final class ScheduleRoutes {
    private static final String ALL = Arm.WORKSPACE + "/schedules";
    private static final String ONE = ALL + "/{name}";
    private static final String OWN = Arm.WORKSPACE + "/atelier/schedules";
    private static final int PAGE = 100;
    private static final int LAST_FIRES = 5;
    private final Schedules schedules;
    private final Workspaces workspaces;
    private final Operations operations;
    private final InstantSource clock;

    public ScheduleRoutes(Schedules schedules, Workspaces workspaces, Operations operations, InstantSource clock) {
        this.schedules = schedules;
        this.workspaces = workspaces;
        this.operations = operations;
        this.clock = clock;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(ALL, exchange -> list(exchange, "EnabledOnly", ScheduleRoutes::resource))
                .get(ONE, this::get)
                .put(ONE, this::put)
                .delete(ONE, this::delete)
                .post(ONE + "/trigger", this::trigger)
                .get(OWN, exchange -> list(exchange, "All", this::overview))
                .get(OWN + "/{name}", this::overview)
                .get(OWN + "/{name}/history", this::history);
    }

    private Response list(Exchange exchange, String view, Shape shape) {
        Workspace workspace = workspaces.of(exchange);
        Boolean enabled = switch (exchange.query("listViewType", view).toLowerCase(Locale.ROOT)) {
            case "enabledonly" -> true;
            case "disabledonly" -> false;
            case "all" -> null;
            default ->
                throw new Problem.Invalid(
                        "InvalidArgument", "'listViewType' is one of EnabledOnly, DisabledOnly, All.", "listViewType");
        };
        Page<Schedule> page = schedules.list(workspace, enabled, exchange.query("$skip"), top(exchange));
        return page(exchange, page, schedule -> shape.of(workspace, schedule));
    }

    /// A schedule as JSON.
    private interface Shape {
        ObjectNode of(Workspace workspace, Schedule schedule);
    }

    private static int top(Exchange exchange) {
        return Math.clamp(exchange.query("$top", PAGE), 1, PAGE);
    }

    private static <T> Response page(Exchange exchange, Page<T> page, Function<T, ObjectNode> shape) {
        return Response.ok(Arm.list(page.items().stream().map(shape).toList(), Arm.next(exchange, page.next())));
    }

    private Response get(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(resource(workspace, schedules.get(workspace, exchange.path("name"))));
    }

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode properties)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        Schedules.Put put = schedules.put(workspace, exchange.path("name"), properties, exchange.caller());
        return accepted(
                exchange,
                workspace,
                put.schedule().name(),
                put.created() ? 201 : 200,
                resource(workspace, put.schedule()));
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        return schedules.delete(workspace, name)
                ? accepted(exchange, workspace, name, 202, Json.object())
                : Response.status(204);
    }

    private Response accepted(Exchange exchange, Workspace workspace, String name, int status, ObjectNode body) {
        String operation = operations.start(workspace, id(workspace, name));
        operations.succeed(operation);
        return operations.accepted(exchange, workspace, operation, status, body);
    }

    /// `TriggerOnceRequest` in, `TriggerRunSubmissionDto` out.
    private Response trigger(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String given = exchange.jsonObject().path("scheduleTime").asString("");
        Fire fire =
                schedules.trigger(workspace, exchange.path("name"), given.isBlank() ? clock.instant() : time(given));
        if (fire.status() == Fire.Status.FAILED) {
            throw new Problem.Conflict(
                    "ScheduleTriggerFailed",
                    "The job of schedule '" + fire.schedule() + "' was refused (" + fire.errorCode() + "): "
                            + fire.errorMessage());
        }
        return Response.ok(Json.object().put("scheduleActionType", "CreateJob").put("submissionId", fire.job()));
    }

    private static Instant time(String given) {
        String iso = given.strip().replace(' ', 'T').toUpperCase(Locale.ROOT);
        try {
            Instant time = iso.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            int year = time.atOffset(ZoneOffset.UTC).getYear();
            if (year >= 1970 && year <= 9999) {
                return time;
            }
        } catch (DateTimeException e) {
            // Said below, as for a year that is none.
        }
        throw new Problem.Invalid(
                "InvalidArgument", "'scheduleTime' looks like 2026-01-31T09:00:00+00:00.", "scheduleTime");
    }

    private Response overview(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(overview(workspace, schedules.get(workspace, exchange.path("name"))));
    }

    /// The resource, when it fires next, and its last fires.
    private ObjectNode overview(Workspace workspace, Schedule schedule) {
        ObjectNode overview = resource(workspace, schedule);
        Instant next = schedule.nextFire();
        overview.put("nextFireTime", next == null ? null : Arm.time(next));
        List<Fire> last =
                schedules.history(workspace, schedule.name(), null, LAST_FIRES).items();
        overview.set(
                "lastFires",
                Json.tree(last.stream().map(fire -> fire(workspace, fire)).toList()));
        return overview;
    }

    private Response history(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Page<Fire> page = schedules.history(workspace, exchange.path("name"), exchange.query("$skip"), top(exchange));
        return page(exchange, page, fire -> fire(workspace, fire));
    }

    private static ObjectNode fire(Workspace workspace, Fire fire) {
        ObjectNode node = Json.object()
                .put("number", fire.number())
                .put("scheduledTime", Arm.time(fire.scheduledFor()))
                .put("firedTime", Arm.time(fire.firedAt()))
                .put("trigger", fire.manual() ? "Manual" : "Schedule")
                .put(
                        "status",
                        switch (fire.status()) {
                            case SUBMITTING -> "Submitting";
                            case SUBMITTED -> "Submitted";
                            case FAILED -> "Failed";
                        })
                .put("jobName", fire.job())
                .put("jobId", workspace.armId() + "/jobs/" + fire.job());
        if (fire.errorCode() != null) {
            node.set("error", Json.object().put("code", fire.errorCode()).put("message", fire.errorMessage()));
        }
        return node;
    }

    private static String id(Workspace workspace, String name) {
        return workspace.armId() + "/schedules/" + name;
    }

    private static ObjectNode resource(Workspace workspace, Schedule schedule) {
        ObjectNode properties = schedule.properties().deepCopy();
        properties.put("isEnabled", schedule.enabled()).put("provisioningState", "Succeeded");
        // The SDK reads these without looking whether they are there.
        for (String field : List.of("tags", "properties")) {
            if (!properties.has(field)) {
                properties.putObject(field);
            }
        }
        return Arm.resource(
                id(workspace, schedule.name()),
                schedule.name(),
                "schedules",
                properties,
                schedule.creator().name(),
                schedule.createdAt(),
                schedule.modifiedAt());
    }
}
