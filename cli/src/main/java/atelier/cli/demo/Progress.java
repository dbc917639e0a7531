package atelier.cli.demo;

import atelier.cli.Session;
import atelier.cli.output.Words;
import java.time.Duration;

/// Says which step the demo is at and how long each took. Everything goes to standard error; what the demo found out
/// goes to standard output.
final class Progress {
    private final Session session;
    private final int steps;
    private int step;
    private long started;

    Progress(Session session, int steps) {
        this.session = session;
        this.steps = steps;
        this.started = session.waiting().nanos();
    }

    /// Begins a step of the path.
    void begin(String title) {
        step++;
        started = session.waiting().nanos();
        session.err().println();
        session.err().println("[" + step + "/" + steps + "] " + title);
    }

    /// A line of detail below the step.
    void say(String line) {
        session.err().println("      " + line);
    }

    /// Ends the step with what came of it.
    void done(String result) {
        session.err().println("      " + result + "  (" + Words.duration(elapsed()) + ")");
    }

    Duration elapsed() {
        return Duration.ofNanos(session.waiting().nanos() - started);
    }
}
