package atelier.cli;

import atelier.cli.http.Api;
import atelier.cli.http.Waiting;
import atelier.cli.output.Form;
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
    private boolean az;

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

    /// The API of the server that runs on the data folder, in its first workspace.
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

    /// The API in a workspace; what `place` leaves open is as `az configure --defaults` says, else the first one.
    public Api api(Place place) {
        return api().in(place.or(settings().place(variables())).path(api()));
    }

    /// What `az configure`, `az account set` and `az config` have kept for this data folder.
    public Settings settings() {
        return new Settings(dataFolder);
    }

    /// What the program was called as, for its sentences.
    public String program() {
        return az ? "az" : "atelier";
    }

    /// Whether the words came through `az`.
    public boolean isAz() {
        return az;
    }

    public void isAz(boolean through) {
        az = through;
    }

    /// The form of the output when none is asked for.
    public Form form(boolean queried) {
        String chosen = variable("AZURE_CORE_OUTPUT");
        if (chosen == null) {
            chosen = settings().text("core", "output");
        }
        if (chosen != null && (az || variable("AZURE_CORE_OUTPUT") != null)) {
            return Form.of(chosen);
        }
        return az || queried ? Form.json : Form.table;
    }
}
