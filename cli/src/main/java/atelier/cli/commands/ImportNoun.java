package atelier.cli.commands;

import atelier.cli.imports.Imports;
import atelier.cli.output.Printer.Column;
import atelier.kernel.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `atelier import mlflow SOURCE`.
final class ImportNoun {
    private static final List<Column> COLUMNS = List.of(
            new Column("kind", "/kind"),
            new Column("taken", "/taken"),
            new Column("here before", "/present"),
            new Column("conflicts", "/conflicts"),
            new Column("refused", "/refused"),
            new Column("not meant", "/left"));

    private ImportNoun() {}

    static Noun noun() {
        return Noun.of("import", "Take over what another system recorded.")
                .verb(
                        "mlflow",
                        "Experiments, runs, models and files of another MLflow; again and again, for only what is new comes.",
                        words -> words.positional(
                                        "SOURCE",
                                        "sqlite:///FILE, postgresql://USER:PASSWORD@HOST/DATABASE or the address of a"
                                                + " tracking server (http://…); its password or token is read from"
                                                + " MLFLOW_TRACKING_USERNAME and _PASSWORD, or _TOKEN")
                                .texts(
                                        "--experiment",
                                        "only these experiments, and the versions of models of their runs")
                                .texts("--artifacts", "FROM=FOLDER: files recorded below FROM are in this folder now")
                                .text(
                                        "--on-conflict",
                                        "skip (default) or fail: what to do with what is here as another one")
                                .flag("--dry-run", "tell what would come, take nothing"),
                        ImportNoun::mlflow);
    }

    private static Result mlflow(Call call) {
        Imports.Report report = Imports.mlflow(
                call.session(),
                call.api(),
                new Imports.Wish(
                        call.word(),
                        call.texts("--experiment"),
                        call.texts("--artifacts"),
                        call.text("--on-conflict", "skip"),
                        call.flag("--dry-run")));
        for (ObjectNode reason : report.reasons()) {
            call.session()
                    .err()
                    .println(reason.path("what").asString() + ": "
                            + reason.path("reason").asString());
        }
        return new Result(Json.array().addAll(report.rows()), COLUMNS, report.complete() ? 0 : 1);
    }
}
