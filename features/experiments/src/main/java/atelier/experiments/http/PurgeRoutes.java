package atelier.experiments.http;

import atelier.experiments.Purge;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST {ws}/atelier/mlflow/gc`: what `mlflow gc` does, over HTTP.
public final class PurgeRoutes {
    private static final Pattern AGE = Pattern.compile(
            "(?:(\\d{1,6}(?:\\.\\d{1,6})?)d)?(?:(\\d{1,6}(?:\\.\\d{1,6})?)h)?(?:(\\d{1,6}(?:\\.\\d{1,6})?)m)?"
                    + "(?:(\\d{1,9}(?:\\.\\d{1,6})?)s)?");
    private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1000};
    private static final List<String> FIELDS =
            List.of("olderThan", "runIds", "experimentIds", "loggedModelIds", "dryRun");
    private final Purge purge;
    private final Workspaces workspaces;

    public PurgeRoutes(Purge purge, Workspaces workspaces) {
        this.purge = purge;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE).post(Arm.WORKSPACE + "/atelier/mlflow/gc", this::gc);
    }

    private Response gc(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        JsonNode body = exchange.jsonObject();
        // A misspelt list would else mean: everything.
        body.propertyNames().stream()
                .filter(name -> !FIELDS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Problem.Invalid(
                            "InvalidArgument", "There is no field '" + name + "'." + Nearest.hint(name, FIELDS), name);
                });
        JsonNode dry = body.path("dryRun");
        if (!dry.isMissingNode() && !dry.isBoolean()) {
            throw new Problem.Invalid("InvalidArgument", "'dryRun' is true or false.", "dryRun");
        }
        Purge.Freed freed = purge.purge(
                workspace,
                new Purge.Wish(
                        age(body.path("olderThan")),
                        ids(body, "runIds"),
                        ids(body, "experimentIds"),
                        ids(body, "loggedModelIds"),
                        dry.asBoolean(false)));
        ObjectNode answer = Json.object();
        put(answer, "experiments", freed.experiments());
        put(answer, "runs", freed.runs());
        put(answer, "loggedModels", freed.loggedModels());
        ArrayNode kept = answer.putArray("kept");
        freed.kept().forEach(k -> kept.addObject().put("id", k.id()).put("reason", k.reason()));
        return Response.ok(answer.put("files", freed.files()).put("bytes", freed.bytes()));
    }

    private static void put(ObjectNode answer, String name, List<String> ids) {
        ArrayNode array = answer.putArray(name);
        ids.forEach(array::add);
    }

    /// `2d8h5m20s`, as MLflow writes ages.
    private static Duration age(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Duration.ZERO;
        }
        String text = node.asString("");
        Matcher parts = AGE.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    "Could not parse any time information from '" + text
                            + "'. Examples of valid strings: '8h', '2d8h5m20s', '2m4s'",
                    "olderThan");
        }
        double millis = 0;
        for (int i = 0; i < MILLIS.length; i++) {
            String number = parts.group(i + 1);
            millis += number == null ? 0 : Double.parseDouble(number) * MILLIS[i];
        }
        return Duration.ofMillis((long) millis);
    }

    private static List<String> ids(JsonNode body, String field) {
        List<String> ids = new ArrayList<>();
        JsonNode list = body.path(field);
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            throw new Problem.Invalid("InvalidArgument", "'" + field + "' is a list of ids.", field);
        }
        for (JsonNode id : list) {
            if (!id.isString() && !id.isIntegralNumber()) {
                throw new Problem.Invalid("InvalidArgument", "'" + field + "' is a list of ids.", field);
            }
            ids.add(id.asString());
        }
        return ids;
    }
}
