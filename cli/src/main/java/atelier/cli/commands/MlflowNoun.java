package atelier.cli.commands;

import atelier.cli.output.Printer.Column;
import atelier.kernel.Json;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `mlflow gc`, with the options of MLflow's own command.
final class MlflowNoun {
    private MlflowNoun() {}

    static Noun noun() {
        return Noun.of("mlflow", "What MLflow does on its own command line.")
                .verb(
                        "gc",
                        "Delete deleted runs, experiments and logged models for good, with their artifacts.",
                        words -> words.text("--older-than", "only what was deleted so long ago: 30d, 8h, 2d8h5m20s")
                                .text("--run-ids", "only these deleted runs, comma-separated")
                                .text("--experiment-ids", "only these deleted experiments with their runs")
                                .text("--logged-model-ids", "only these deleted logged models")
                                .flag("--dry-run", "tell what would be deleted, delete nothing"),
                        MlflowNoun::gc);
    }

    private static Result gc(Call call) {
        ObjectNode body = Json.object().put("dryRun", call.flag("--dry-run"));
        String older = call.text("--older-than");
        if (older != null) {
            body.put("olderThan", older);
        }
        body.set("runIds", ids(call.text("--run-ids")));
        body.set("experimentIds", ids(call.text("--experiment-ids")));
        body.set("loggedModelIds", ids(call.text("--logged-model-ids")));
        JsonNode answer = call.run("POST", call.api().workspace() + "/atelier/mlflow/gc", body);
        for (JsonNode kept : answer.path("kept")) {
            call.session()
                    .err()
                    .println(kept.path("id").asString() + ": "
                            + kept.path("reason").asString());
        }
        ObjectNode counted = (ObjectNode) answer;
        for (String what : List.of("experiments", "runs", "loggedModels")) {
            counted.put(what + "Count", answer.path(what).size());
        }
        return Result.of(
                counted,
                List.of(
                        new Column("experiments", "/experimentsCount"),
                        new Column("runs", "/runsCount"),
                        new Column("logged models", "/loggedModelsCount"),
                        new Column("files", "/files"),
                        new Column("bytes", "/bytes")));
    }

    private static ArrayNode ids(@Nullable String text) {
        ArrayNode ids = Json.array();
        if (text != null) {
            Stream.of(text.split(","))
                    .map(String::strip)
                    .filter(id -> !id.isEmpty())
                    .forEach(ids::add);
        }
        return ids;
    }
}
