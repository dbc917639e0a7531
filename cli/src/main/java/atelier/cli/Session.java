package atelier.cli;

import atelier.cli.http.Api;
import atelier.cli.http.Waiting;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a verb works with: the streams, the folder it was called from, the data folder, and the server on it.
/// Tests build one by hand; [Main] builds the real one.
public final class Session {
    private final Surroundings surroundings;
    private final Waiting waiting;
    private final RandomGenerator random;
    private Path dataFolder;
    private @Nullable Api api;

    /// What the process was started with. `out` carries results, `err` progress and errors.
    public record Surroundings(PrintStream out, PrintStream err, Path workingFolder, Map<String, String> variables) {
        public Surroundings {
            variables = Map.copyOf(variables);
        }
    }

    public Session(Surroundings surroundings, Path dataFolder, Waiting waiting, RandomGenerator random) {
        this.surroundings = surroundings;
        this.dataFolder = dataFolder;
        this.waiting = waiting;
        this.random = random;
    }

    public PrintStream out() {
        return surroundings.out();
    }

    public PrintStream err() {
        return surroundings.err();
    }

    /// `path` as the user meant it: relative to the folder the verb was called from.
    public Path resolve(String path) {
        return surroundings.workingFolder().resolve(path).normalize();
    }

    public @Nullable String variable(String name) {
        return surroundings.variables().get(name);
    }

    public Map<String, String> variables() {
        return surroundings.variables();
    }

    public Path dataFolder() {
        return dataFolder;
    }

    public void dataFolder(Path folder) {
        dataFolder = folder;
        api = null;
    }

    public Waiting waiting() {
        return waiting;
    }

    public long epochMillis() {
        return waiting.epochMillis();
    }

    public RandomGenerator random() {
        return random;
    }

    public DataFolder files() {
        return new DataFolder(dataFolder);
    }

    /// The API of the server that runs on the data folder.
    ///
    /// @throws CliError when none runs
    public Api api() {
        Api found = api;
        if (found == null) {
            found = Api.of(files().runningServer(), files());
            api = found;
        }
        return found;
    }
}
