package atelier.cli;

import atelier.cli.commands.Root;
import atelier.cli.http.Waiting;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The command line's process: builds the session from the process's surroundings and runs one verb.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        var surroundings = new Session.Surroundings(out, err, Path.of("").toAbsolutePath(), System.getenv());
        var session = new Session(
                surroundings,
                dataFolder(System.getenv("ATELIER_HOME"), System.getProperty("user.home")),
                Waiting.real(),
                RandomGenerator.getDefault());
        int status = Root.run(session, args);
        out.flush();
        err.flush();
        // Ends idle threads of the HTTP client at once.
        System.exit(status);
    }

    static Path dataFolder(@Nullable String chosen, String home) {
        return chosen == null || chosen.isBlank()
                ? Path.of(home, ".atelier")
                : Path.of(chosen).toAbsolutePath().normalize();
    }

    /// UTF-8 whatever the locale says: logs of jobs are UTF-8.
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
