package atelier.models.http;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.models.History;
import atelier.models.Registry;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/atelier/models/{name}/history` and `{ws}/atelier/models/production`; the README says their fields.
public final class HistoryRoutes {
    private static final int PAGE = 100;
    private static final int LONGEST_PAGE = 1000;
    private static final List<String> KINDS = List.of("stage", "alias", "deployment", "created", "deleted", "renamed");
    private final History history;
    private final Workspaces workspaces;
    private final InstantSource clock;

    public HistoryRoutes(History history, Workspaces workspaces, InstantSource clock) {
        this.history = history;
        this.workspaces = workspaces;
        this.clock = clock;
    }

    public Routes routes() {
        String models = Arm.WORKSPACE + "/atelier/models/";
        return new Routes(ArmProblems.INSTANCE)
                .get(models + "{name}/history", this::history)
                .get(models + "production", this::production);
    }

    private Response history(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String kind = given(exchange, "kind");
        if (kind != null && !KINDS.contains(kind)) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    "'kind' is one of " + String.join(", ", KINDS) + ", not '" + kind + "'."
                            + Nearest.hint(kind, KINDS),
                    "kind");
        }
        Page<Registry.Event> page = history.of(
                workspace,
                exchange.path("name"),
                given(exchange, "version"),
                kind,
                given(exchange, "$skip"),
                Math.clamp(exchange.query("$top", PAGE), 1, LONGEST_PAGE));
        List<ObjectNode> changes = page.items().stream()
                .map(event -> named(event)
                        .put("before", event.before())
                        .put("after", event.after())
                        .put("who", event.who())
                        .put("at", time(event)))
                .toList();
        return Response.ok(Arm.list(changes, Arm.next(exchange, page.next())));
    }

    private Response production(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Instant at = moment(given(exchange, "at"));
        String given = given(exchange, "aliases");
        List<String> aliases = given == null
                ? History.ALIASES
                : Stream.of(given.split(","))
                        .map(String::strip)
                        .filter(alias -> !alias.isEmpty())
                        .limit(100)
                        .toList();
        ObjectNode answer = Json.object().put("at", Arm.time(at));
        ArrayNode counted = answer.putArray("aliases");
        aliases.forEach(counted::add);
        ArrayNode value = answer.putArray("value");
        for (History.InProduction found : history.production(workspace, at, aliases, given(exchange, "name"))) {
            ObjectNode version = value.addObject().put("name", found.name()).put("version", found.version());
            ArrayNode because = version.putArray("because");
            found.because().forEach(event -> because.add(reason(event)));
        }
        return Response.ok(answer);
    }

    private static ObjectNode reason(Registry.Event event) {
        ObjectNode reason = place(Json.object(), event);
        switch (reason.path("kind").asString()) {
            case "stage" -> reason.put("stage", event.after());
            case "deployment" -> reason.put("traffic", Integer.parseInt(event.after()));
            default -> {}
        }
        return reason.put("who", event.who()).put("since", time(event));
    }

    private static ObjectNode named(Registry.Event event) {
        ObjectNode json = Json.object().put("name", event.name()).put("version", event.version());
        return place(json, event).put("what", event.what());
    }

    /// What kind of change, and of which alias or deployment.
    private static ObjectNode place(ObjectNode json, Registry.Event event) {
        int space = event.what().indexOf(' ');
        if (space < 0) {
            return json.put("kind", event.what());
        }
        json.put("kind", event.what().substring(0, space));
        String subject = event.what().substring(space + 1);
        if (event.what().startsWith("alias ")) {
            return json.put("alias", subject);
        }
        String[] parts = subject.split("/", 3);
        return json.put("endpointType", parts[0]).put("endpoint", parts[1]).put("deployment", parts[2]);
    }

    /// A moment, or the end of a day in UTC; now when none is given.
    private Instant moment(@Nullable String text) {
        if (text == null) {
            return clock.instant();
        }
        try {
            return text.length() == "2026-11-25".length()
                    ? LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay()
                            .toInstant(ZoneOffset.UTC)
                            .minusMillis(1)
                    // A plus sign that was not encoded arrives as a space.
                    : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    "'at' is a day (2026-11-25) or a moment (2026-11-25T19:00:00Z), not '" + text + "'.",
                    "at");
        }
    }

    private static String time(Registry.Event event) {
        return Arm.time(Instant.ofEpochMilli(event.at()));
    }

    private static @Nullable String given(Exchange exchange, String name) {
        String text = exchange.query(name);
        return text == null || text.isEmpty() ? null : text;
    }
}
