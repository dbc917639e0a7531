package atelier.cli.imports;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Another MLflow, as it is read. Bodies are in the words of this server's import.
interface Source extends AutoCloseable {
    /// For people: without password.
    String name();

    /// Deleted ones too.
    List<Experiment> experiments();

    /// All runs of an experiment, deleted ones too, in portions; what cannot be read of it goes to `broken`.
    void runs(Experiment experiment, Consumer<List<Run>> portion, Broken broken);

    /// The whole history of each metric of a run, each in the order of logging.
    void points(Run run, Points points);

    /// Logged models of an experiment (MLflow 3).
    void models(Experiment experiment, Consumer<List<Model>> portion, Broken broken);

    /// Registered models and prompts, with their versions.
    List<Registered> registered();

    /// What is there and not read, by what it is.
    Map<String, Long> left();

    /// How files are got from the source itself; those on this machine are read by [OldFiles].
    default Remote remote() {
        return Remote.NONE;
    }

    @Override
    void close();

    /// @param artifactUri where its runs keep files
    record Experiment(String id, String name, String artifactUri, ObjectNode body) {
        boolean isDefault() {
            return id.equals("0");
        }
    }

    /// @param body all but metrics
    /// @param latest the latest value of each metric: `{"loss": [value, time, step]}`
    record Run(String id, String artifactUri, ObjectNode body, ObjectNode latest) {}

    record Model(String id, String artifactUri, ObjectNode body) {}

    /// @param versions bodies, oldest first
    record Registered(String name, ObjectNode body, List<ObjectNode> versions) {
        public Registered {
            versions = List.copyOf(versions);
        }
    }

    /// Hears one point after the other.
    @FunctionalInterface
    interface Points {
        void point(String key, double value, long time, long step);
    }

    /// Hears what cannot be read.
    @FunctionalInterface
    interface Broken {
        void refused(String what, String reason);
    }
}
