package atelier.cli.imports;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.http.Api;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Finds out what an import is to read, and reads it.
public final class Imports {
    private Imports() {}

    /// What was asked for, in the words of the command line.
    public record Wish(
            String source, List<String> experiments, List<String> artifacts, String onConflict, boolean dryRun) {
        public Wish {
            experiments = List.copyOf(experiments);
            artifacts = List.copyOf(artifacts);
        }
    }

    /// @param rows counts by kind of thing
    /// @param reasons of conflicts and refusals, one by one
    /// @param complete nothing was refused
    public record Report(List<ObjectNode> rows, List<ObjectNode> reasons, boolean complete) {
        public Report {
            rows = List.copyOf(rows);
            reasons = List.copyOf(reasons);
        }
    }

    public static Report mlflow(Session session, Api api, Wish wish) {
        if (!wish.onConflict().equals("skip") && !wish.onConflict().equals("fail")) {
            throw new CliError("--on-conflict is skip or fail, not '" + wish.onConflict() + "'.");
        }
        try (Source source = open(session, wish.source())) {
            OldFiles places = new OldFiles(wish.artifacts(), session::resolve, source.remote());
            Importer.Options options = new Importer.Options(
                    wish.experiments(), wish.dryRun(), wish.onConflict().equals("fail"));
            Tally tally = new Importer(source, new Sender(api), places, options, session.err()).run();
            List<ObjectNode> rows = new ArrayList<>();
            tally.rows().forEach(row -> rows.add((ObjectNode) row));
            if (tally.unnamed() > 0) {
                session.err().println("… and " + tally.unnamed() + " more reasons.");
            }
            return new Report(rows, tally.reasons(), tally.all(Tally.Fate.REFUSED) == 0);
        } catch (SqlStore.Unreadable e) {
            throw new CliError("A row of it cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Source open(Session session, String source) {
        String lower = source.toLowerCase(java.util.Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return RestSource.open(source, session);
        }
        if (lower.startsWith("postgres")) {
            return new SqlSource(SqlStore.postgresql(source));
        }
        if (lower.startsWith("sqlite") || Files.isRegularFile(session.resolve(source))) {
            return new SqlSource(SqlStore.sqlite(source, session::resolve));
        }
        if (lower.startsWith("mysql") || lower.startsWith("mssql") || lower.startsWith("oracle")) {
            throw new CliError(
                    "Databases of this kind are not read directly. Start a server on it (mlflow server"
                            + " --backend-store-uri …) and import from its address: atelier import mlflow http://127.0.0.1:5000");
        }
        if (lower.startsWith("file:") || Files.isDirectory(session.resolve(source))) {
            throw new CliError(
                    "A folder of runs (mlruns) is not read directly. Start a server on it (mlflow server"
                            + " --backend-store-uri …) and import from its address: atelier import mlflow http://127.0.0.1:5000");
        }
        throw new CliError("'" + hidden(source) + "' is no store of an MLflow. It is sqlite:///FILE,"
                + " postgresql://USER:PASSWORD@HOST/DATABASE, or the address of a tracking server (http://…).");
    }

    /// Without what stands before an `@`.
    private static String hidden(String source) {
        return source.replaceFirst("//.*@", "//…@");
    }
}
