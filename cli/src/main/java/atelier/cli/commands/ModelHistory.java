package atelier.cli.commands;

import atelier.cli.output.Printer.Column;
import atelier.kernel.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `model history` and `model production`: what happened to a model, and what was in production when.
final class ModelHistory {
    private static final List<Column> CHANGES = List.of(
            new Column("at", "/at"),
            new Column("version", "/version"),
            new Column("what", "/what"),
            new Column("before", "/before"),
            new Column("after", "/after"),
            new Column("who", "/who"));
    private static final List<Column> PRODUCTION = List.of(
            new Column("name", "/name"),
            new Column("version", "/version"),
            new Column("because", "/reason"),
            new Column("since", "/since"),
            new Column("who", "/who"));

    private ModelHistory() {}

    static Noun addTo(Noun noun) {
        return noun.verb(
                        "history",
                        "Tell every change of a model: stages, aliases, deployments, with who and when.",
                        words -> words.name()
                                .text("--version -v", "only of this version")
                                .text("--kind", "stage, alias, deployment, created, deleted or renamed")
                                .max(),
                        ModelHistory::history)
                .verb(
                        "production",
                        "Tell which versions were in production, and why.",
                        words -> words.text("--at", "a day (2026-11-25: its end) or a moment; default: now")
                                .text("--name -n", "only of this model")
                                .text("--aliases", "aliases that mean production (default: champion,production)"),
                        ModelHistory::production);
    }

    private static Result history(Call call) {
        return Result.list(
                call.all(call.api().workspace() + "/atelier/models/" + encode(call.name()) + "/history"
                        + query("version", call.text("--version"), "kind", call.text("--kind"))),
                CHANGES);
    }

    private static Result production(Call call) {
        JsonNode answer = call.api()
                .get(call.api().workspace() + "/atelier/models/production"
                        + query(
                                "at",
                                call.text("--at"),
                                "name",
                                call.text("--name"),
                                "aliases",
                                call.text("--aliases")));
        List<ObjectNode> rows = new ArrayList<>();
        for (JsonNode version : answer.path("value")) {
            for (JsonNode because : version.path("because")) {
                ObjectNode row = Json.object()
                        .put("name", version.path("name").asString())
                        .put("version", version.path("version").asString())
                        .put("reason", reason(because));
                because.properties().forEach(field -> row.set(field.getKey(), field.getValue()));
                rows.add(row);
            }
        }
        return Result.list(rows, PRODUCTION);
    }

    private static String reason(JsonNode because) {
        return switch (because.path("kind").asString()) {
            case "alias" -> "alias " + because.path("alias").asString();
            case "deployment" ->
                because.path("endpointType").asString() + " "
                        + because.path("endpoint").asString() + "/"
                        + because.path("deployment").asString() + ", "
                        + because.path("traffic").asString() + " % of the traffic";
            default -> "stage " + because.path("stage").asString();
        };
    }

    /// `?a=1&b=2` of what was given.
    private static String query(@Nullable String... pairs) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (int i = 0; i < pairs.length; i += 2) {
            String value = pairs[i + 1];
            if (value != null) {
                query.add(pairs[i] + "=" + encode(value));
            }
        }
        return query.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
