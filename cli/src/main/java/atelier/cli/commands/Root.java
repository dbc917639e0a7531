package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.az.Az;
import atelier.cli.demo.DemoCommand;
import atelier.cli.http.ApiError;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `atelier`: the verbs that need Java. `up`, `down`, `exec`, `logs` and `test` are the launcher's. Only what the words
/// name is built: reading all nouns would cost more time than a request.
@Command(name = "atelier", description = "Verbs of a running Atelier; see also: atelier help")
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

    /// Verbs of this installation, beside the nouns of `az ml`.
    private static Map<String, Supplier<Object>> own(Session session) {
        Map<String, Supplier<Object>> own = new LinkedHashMap<>();
        own.put("status", StatusCommand::new);
        own.put("env", EnvCommand::new);
        own.put("open", OpenCommand::new);
        own.put("config", ConfigCommand::new);
        own.put("demo", () -> new DemoCommand(() -> session));
        own.put("completion", CompletionCommand::new);
        own.put("complete", CompleteCommand::new);
        own.put("warm-up", WarmUpCommand::new);
        return own;
    }

    /// Runs one verb. 0: done; 1: it failed, and one sentence on `err` says why; 2: the words were not understood.
    public static int run(Session session, String[] words) {
        String[] args = words;
        String program = "atelier";
        int at = first(args);
        if (at >= 0 && args[at].equals("az")) {
            session.isAz(true);
            args = Arrays.copyOfRange(args, at + 1, args.length);
            if (args.length == 0 || !args[0].equals("ml")) {
                return Az.run(session, args);
            }
            args = Arrays.copyOfRange(args, 1, args.length);
            program = "az ml";
        }
        CommandLine line = line(session, args, program);
        return line.execute(args);
    }

    /// Where the first word stands that is no option: the noun.
    private static int first(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--data-dir")) {
                i++;
            } else if (!args[i].startsWith("-")) {
                return i;
            }
        }
        return -1;
    }

    static CommandLine line(Session session, String[] args, String program) {
        CommandLine line = new CommandLine(new Root(session));
        line.setCommandName(program);
        int at = first(args);
        String wanted = at < 0 ? "" : args[at];
        Map<String, Supplier<Object>> own = program.equals("az ml") ? Map.of() : own(session);
        if (Nouns.all().containsKey(wanted)) {
            line.addSubcommand(wanted, Nouns.all().get(wanted).get().spec(session));
        } else if (own.containsKey(wanted)) {
            line.addSubcommand(wanted, own.get(wanted).get());
        } else {
            own.forEach((name, command) -> line.addSubcommand(name, command.get()));
            Nouns.all()
                    .forEach((name, noun) -> line.addSubcommand(name, noun.get().spec(session)));
        }
        line.setOut(writer(session.out()));
        line.setErr(writer(session.err()));
        line.setUsageHelpAutoWidth(true);
        line.setAbbreviatedOptionsAllowed(true);
        line.setOverwrittenOptionsAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> explain(session, failure));
        line.setParameterExceptionHandler((mistake, given) -> {
            session.err().println(session.program() + ": " + mistaken(mistake));
            session.err()
                    .println("See: " + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return 2;
        });
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int explain(Session session, Exception failure) throws Exception {
        switch (failure) {
            case CliError error -> session.err().println(session.program() + ": " + error.sentence());
            case ApiError error -> session.err().println(session.program() + ": " + error.sentence());
            case Problem problem -> session.err().println(session.program() + ": " + problem.message());
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
            Set<String> known = new LinkedHashSet<>();
            if (word.startsWith("-")) {
                known.addAll(at.getCommandSpec().optionsMap().keySet());
            } else {
                known.addAll(at.getSubcommands().keySet());
            }
            List<String> names = new ArrayList<>(known);
            return "'" + word + "' is not understood here." + Nearest.hint(word, names);
        }
        return sentence(String.valueOf(mistake.getMessage()));
    }

    private static String sentence(String message) {
        return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
    }
}
