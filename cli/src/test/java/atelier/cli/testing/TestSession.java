package atelier.cli.testing;

import atelier.cli.Session;
import atelier.cli.commands.Root;
import atelier.cli.http.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/// A session whose streams are kept, whose clock stands still and which never waits.
public final class TestSession {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Session session;

    public TestSession(Path home, Path workingFolder) {
        session = new Session(
                new Session.Surroundings(stream(out), stream(err), workingFolder, Map.of()),
                home,
                new Waiting() {
                    @Override
                    public void pause(Duration time) {
                        // Tests do not wait.
                    }

                    @Override
                    public long nanos() {
                        return 0;
                    }

                    @Override
                    public long epochMillis() {
                        return 1_767_225_600_000L;
                    }
                },
                new SplittableRandom(1));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    public Session session() {
        return session;
    }

    /// Runs a verb; its exit code.
    public int run(String... arguments) {
        return Root.run(session, arguments);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
