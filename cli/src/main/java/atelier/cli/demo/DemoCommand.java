package atelier.cli.demo;

import atelier.cli.CliError;
import atelier.cli.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `atelier demo`: the whole path on synthetic patients, or on a CSV of one's own. Starts the server when none runs.
@Command(name = "demo", description = "From a CSV to a scored model, step by step; leaves the studio running.")
public final class DemoCommand implements Callable<Integer> {
    private static final int PATIENTS = 10_000;
    private static final long SEED = 7;
    private static final String TARGET = "diabetic";
    private final Supplier<Session> sessions;

    @Option(
            names = "--data",
            paramLabel = "CSV",
            description = "a file with a header line (default: synthetic patients)")
    private @Nullable String data;

    @Option(names = "--target", paramLabel = "COLUMN", description = "the column to predict")
    private @Nullable String target;

    @Option(names = "--port", paramLabel = "N", description = "https port, if the server is started")
    private @Nullable String port;

    @Option(names = "--http-port", paramLabel = "N", description = "http port, if the server is started")
    private @Nullable String httpPort;

    @Option(names = "--database", paramLabel = "URL", description = "database, if the server is started")
    private @Nullable String database;

    /// `session` is asked when the verb runs, after the options are read.
    public DemoCommand(Supplier<Session> session) {
        sessions = session;
    }

    @Override
    public Integer call() {
        Session session = sessions.get();
        // A file of one's own is looked at before anything is started.
        Plan own = data == null ? null : own(session, data);
        if (data == null && target != null && !target.equals(TARGET)) {
            throw new CliError("--target names a column of your own CSV; give the file with --data.");
        }
        if (session.files().server().isEmpty() && !start(session)) {
            return 1;
        }
        Plan plan = own == null ? synthetic(session) : own;
        new Demo(session, samples(session)).walk(plan);
        return 0;
    }

    private Plan own(Session session, String file) {
        Path path = session.resolve(file);
        if (target == null) {
            throw new CliError("--data needs --target COLUMN too: the column to predict.");
        }
        CsvFile csv = CsvFile.check(path, target);
        return new Plan(csv, target, Plan.nameOf(path.getFileName().toString()), false);
    }

    private static Plan synthetic(Session session) {
        Path file = session.dataFolder().resolve("demo/patients.csv");
        try {
            Files.createDirectories(file.getParent());
            Patients.write(file, PATIENTS, SEED, Patients.Population.FIRST);
        } catch (IOException e) {
            throw new CliError(file + " cannot be written: " + e.getMessage(), e);
        }
        return new Plan(CsvFile.check(file, TARGET), TARGET, Plan.SYNTHETIC, true);
    }

    private static Path samples(Session session) {
        String root = session.variable("ATELIER_ROOT");
        if (root == null) {
            throw new CliError("The demo needs the sample files; start it as ./atelier demo.");
        }
        return Path.of(root, "samples/diabetes");
    }

    /// Starts the server by the launcher, which says by itself what is wrong when it cannot.
    private boolean start(Session session) {
        String launcher = session.variable("ATELIER_LAUNCHER");
        if (launcher == null) {
            throw new CliError(
                    "Atelier does not run on " + session.dataFolder() + "; start it with: atelier up --detach");
        }
        List<String> command = new ArrayList<>(List.of(
                launcher, "up", "--detach", "--data-dir", session.dataFolder().toString()));
        add(command, "--port", port);
        add(command, "--http-port", httpPort);
        add(command, "--database", database);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliError("Interrupted.", e);
        }
    }

    private static void add(List<String> command, String name, @Nullable String value) {
        if (value != null) {
            command.add(name);
            command.add(value);
        }
    }
}
