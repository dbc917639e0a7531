package atelier.environments.internal;

import atelier.environments.BuildStatus;
import atelier.environments.EnvironmentBuilds;
import atelier.environments.Environments;
import atelier.environments.internal.EnvironmentFolders.Outcome;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Builds each definition once: resolve to a lock, hash Python's version and the lock, install under that hash.
///
/// A definition keeps its lock: built again after its folder was lost, it gets the same packages. Two definitions that
/// lead to one lock share the folder.
public final class LockedEnvironments implements Environments, EnvironmentBuilds {
    /// Long enough for no two environments to share it, short enough for the first line of a script.
    private static final int HASH_LENGTH = 32;

    private final Definitions definitions;
    private final Pythons pythons;
    private final Uv uv;
    private final EnvironmentFolders folders;
    private final InstantSource clock;
    private final Map<String, Build> builds = new ConcurrentHashMap<>();

    public LockedEnvironments(
            Definitions definitions, Pythons pythons, Uv uv, EnvironmentFolders folders, InstantSource clock) {
        this.definitions = definitions;
        this.pythons = pythons;
        this.uv = uv;
        this.folders = folders;
        this.clock = clock;
    }

    @Override
    public Definition resolve(Workspace workspace, String reference) {
        return definitions.resolve(workspace, reference);
    }

    @Override
    public Definition fromConda(String condaYaml) {
        return definitions.fromConda("conda file", condaYaml);
    }

    @Override
    public Optional<Interpreter> ifBuilt(Definition definition) {
        return folders.outcome(definition.hash()).map(Outcome::interpreter).flatMap(folders::find);
    }

    @Override
    public Interpreter materialize(Definition definition, Consumer<String> progress) {
        Optional<Interpreter> built = ifBuilt(definition);
        return built.isPresent() ? built.get() : building(definition).follow(progress);
    }

    @Override
    public BuildStatus start(Definition definition) {
        if (ifBuilt(definition).isEmpty()) {
            building(definition);
        }
        return status(definition);
    }

    @Override
    public BuildStatus status(Definition definition) {
        Build build = builds.get(definition.hash());
        if (build != null) {
            return new BuildStatus(
                    BuildStatus.State.BUILDING, "", "", "", build.log(), 0, build.startedAt(), null, null);
        }
        Optional<Outcome> kept = folders.outcome(definition.hash());
        if (kept.isEmpty()) {
            return BuildStatus.NOT_BUILT;
        }
        Outcome outcome = kept.get();
        String interpreter = outcome.interpreter();
        if (interpreter != null && folders.find(interpreter).isEmpty()) {
            return BuildStatus.NOT_BUILT; // its folder was deleted since
        }
        return new BuildStatus(
                interpreter == null ? BuildStatus.State.FAILED : BuildStatus.State.SUCCEEDED,
                outcome.python(),
                interpreter == null ? "" : interpreter,
                outcome.lock(),
                folders.log(definition.hash()),
                interpreter == null ? 0 : folders.sizeBytes(interpreter),
                outcome.startedAt(),
                outcome.finishedAt(),
                outcome.error());
    }

    private Build building(Definition definition) {
        return builds.computeIfAbsent(definition.hash(), hash -> {
            Build build = new Build(clock.instant());
            // A thread of its own: who asked first may be cancelled while others wait.
            Thread.ofVirtual().name("environment-" + hash).start(() -> build(definition, build));
            return build;
        });
    }

    private void build(Definition definition, Build build) {
        String hash = definition.hash();
        @Nullable Interpreter interpreter = null;
        @Nullable Throwable failure = null;
        try {
            interpreter = make(definition, build);
            keep(definition, build, interpreter, null);
        } catch (RuntimeException e) {
            failure = e;
            keep(definition, build, null, e instanceof Problem problem ? problem.message() : e.toString());
        } catch (Error e) {
            failure = e;
            throw e;
        } finally {
            // First gone from the map, then told: who asks again after a failure starts anew.
            builds.remove(hash);
            if (interpreter != null && failure == null) {
                build.succeed(interpreter);
            } else {
                build.fail(failure == null ? new IllegalStateException("ended without a result") : failure);
            }
        }
    }

    private void keep(Definition definition, Build build, @Nullable Interpreter interpreter, @Nullable String error) {
        if (error != null) {
            build.say(error);
        }
        folders.keep(
                definition.hash(),
                new Outcome(
                        interpreter == null ? null : interpreter.hash(),
                        interpreter == null ? "" : interpreter.version(),
                        interpreter == null ? "" : interpreter.lock(),
                        error,
                        build.startedAt(),
                        clock.instant()),
                build.log());
    }

    private Interpreter make(Definition definition, Build build) {
        Optional<Interpreter> before = ifBuilt(definition);
        if (before.isPresent()) {
            return before.get(); // somebody was faster between the question and this thread
        }
        definitions.notes(definition).forEach(build::say);
        Pythons.Choice choice = pythons.choose(definition.python());
        String version = choice.python().version().toString();
        Path python = choice.python().path();
        build.say(choice.note().isEmpty() ? "Python " + version + " (" + python + ")" : choice.note());
        String lock = lock(definition, version, python, build);
        List<String> options = definition.requirements().stream()
                .filter(Requirements::isOption)
                .toList();
        String hash = Requirements.sha256(version + "\n" + System.getProperty("os.arch") + "\n" + lock)
                .substring(0, HASH_LENGTH);
        // Another definition may be leading to the same folder at this moment.
        try (FolderLock _ = folders.lock(hash)) {
            Optional<Interpreter> shared = folders.find(hash);
            if (shared.isPresent()) {
                build.say("the same packages are installed already");
                return shared.get();
            }
            return install(definition, python, version, lock, options, hash, build);
        }
    }

    private String lock(Definition definition, String version, Path python, Build build) {
        Optional<Outcome> kept = folders.outcome(definition.hash());
        if (kept.isPresent()
                && kept.get().interpreter() != null
                && kept.get().python().equals(version)) {
            build.say("installing the packages of the earlier lock");
            return kept.get().lock();
        }
        boolean nothing = definition.requirements().stream().allMatch(Requirements::isOption);
        if (nothing) {
            return "";
        }
        Instant started = clock.instant();
        build.say("resolving " + definition.requirements().size() + " requirements");
        String lock = uv.lock(python, definition.requirements(), definition.label(), build::say);
        build.say("resolved to " + lock.lines().count() + " packages in " + seconds(started));
        return lock;
    }

    private Interpreter install(
            Definition definition,
            Path python,
            String version,
            String lock,
            List<String> options,
            String hash,
            Build build) {
        Instant started = clock.instant();
        EnvironmentFolders.delete(folders.environment(hash)); // what a build that was cut off left behind
        List<String> lines = new ArrayList<>(options);
        lines.addAll(lock.lines().toList());
        if (!lines.isEmpty() || !uv.bare(python, folders.environment(hash), build::say)) {
            uv.install(python, folders.environment(hash), lines, definition.label(), build::say);
        }
        Interpreter interpreter = folders.seal(hash, version, lock, clock.instant());
        build.say("ready in " + seconds(started) + ", " + folders.sizeBytes(hash) / 1_000_000 + " MB");
        return interpreter;
    }

    private String seconds(Instant since) {
        long tenths = Duration.between(since, clock.instant()).toMillis() / 100;
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
