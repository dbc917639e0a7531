package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.demo.DemoCommand;
import atelier.cli.http.ApiError;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `atelier`: the verbs that need Java. `up`, `down`, `exec`, `logs` and `test` are the launcher's.
@Command(
        name = "atelier",
        description = "Verbs of a running Atelier; see also: atelier help",
        subcommands = {
            StatusCommand.class,
            EnvCommand.class,
            OpenCommand.class,
            ConfigCommand.class,
            WarmUpCommand.class,
            JobCommand.class,
            DataCommand.class,
            EnvironmentCommand.class,
            ComponentCommand.class,
            ModelCommand.class,
            OnlineEndpointCommand.class,
            OnlineDeploymentCommand.class,
            ComputeCommand.class
        })
public final class Root {
    private final Session session;

    private Root(Session session) {
        this.session = session;
    }

    @Option(
            names = "--data-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "FOLDER",
            description = "the data folder of the server (default: ATELIER_HOME, else ~/.atelier)")
    void dataFolder(Path folder) {
        session.dataFolder(session.resolve(folder.toString()));
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    void help(boolean asked) {
        // picocli answers it; nothing is kept.
    }

    Session session() {
        return session;
    }

    /// Runs one verb. 0: done; 1: it failed, and one sentence on `err` says why; 2: the words were not understood.
    public static int run(Session session, String[] args) {
        CommandLine line = new CommandLine(new Root(session));
        line.addSubcommand(new DemoCommand(() -> session));
        line.setOut(writer(session.out()));
        line.setErr(writer(session.err()));
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> explain(session, failure));
        line.setParameterExceptionHandler((mistake, words) -> {
            session.err().println("atelier: " + mistaken(mistake));
            session.err()
                    .println("See: " + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return 2;
        });
        return line.execute(args);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int explain(Session session, Exception failure) throws Exception {
        switch (failure) {
            case CliError error -> session.err().println("atelier: " + error.sentence());
            case ApiError error -> session.err().println("atelier: " + error.sentence());
            case Problem problem -> session.err().println("atelier: " + problem.message());
            default -> throw failure;
        }
        return 1;
    }

    /// A word that is no verb and no option is answered with the nearest one.
    private static String mistaken(CommandLine.ParameterException mistake) {
        if (mistake instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().getFirst();
            CommandLine at = unmatched.getCommandLine();
            List<String> known = new ArrayList<>(
                    word.startsWith("-")
                            ? at.getCommandSpec().optionsMap().keySet()
                            : at.getSubcommands().keySet());
            return "'" + word + "' is not understood here." + Nearest.hint(word, known);
        }
        return sentence(String.valueOf(mistake.getMessage()));
    }

    private static String sentence(String message) {
        return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
    }
}
