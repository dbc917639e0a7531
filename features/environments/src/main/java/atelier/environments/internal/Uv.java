package atelier.environments.internal;

import atelier.kernel.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The package manager uv (github.com/astral-sh/uv): brought by pip from the configured index when first needed, with
/// its cache in the data folder. An index that does not answer is no fault while the cache has what is wanted.
public final class Uv {
    private static final Pattern UNREACHABLE = Pattern.compile(
            "error sending request|client error \\(connect\\)|dns error|connection refused|operation timed out"
                    + "|network is unreachable|http status server error|failed to establish a new connection"
                    + "|name resolution|connecttimeouterror|newconnectionerror|readtimeouterror|proxyerror",
            Pattern.CASE_INSENSITIVE);

    private final Tool tool;
    private final Pythons pythons;
    private final Path home;
    private final Path cache;
    private final Map<String, String> variables;
    private volatile boolean checked;
    private volatile @org.jspecify.annotations.Nullable Map<String, String> settings;

    public Uv(Tool tool, Pythons pythons, Path data, Map<String, String> variables) {
        this.tool = tool;
        this.pythons = pythons;
        this.home = data.resolve("tools").resolve("uv");
        this.cache = data.resolve("cache").resolve("uv");
        this.variables = Map.copyOf(variables);
    }

    /// Exact versions of the requirements and all they need, as requirement lines.
    String lock(Path python, List<String> requirements, String label, Consumer<String> lines) {
        Path folder = scratch();
        try {
            Path wanted = Files.writeString(folder.resolve("requirements.in"), String.join("\n", requirements) + "\n");
            Path locked = folder.resolve("requirements.txt");
            List<String> command = List.of(
                    "pip",
                    "compile",
                    "--quiet",
                    "--no-header",
                    "--no-annotate",
                    "--python",
                    python.toString(),
                    "--output-file",
                    locked.toString(),
                    wanted.toString());
            run(command, "The packages of '" + label + "' cannot be resolved.", label, lines);
            return Files.readString(locked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            EnvironmentFolders.delete(folder);
        }
    }

    /// Makes the virtual environment and installs the lock; bytecode is compiled now, because jobs that begin side by
    /// side would else all do it.
    void install(Path python, Path environment, List<String> lock, String label, Consumer<String> lines) {
        String failure = "The packages of '" + label + "' cannot be installed.";
        run(
                List.of("venv", "--quiet", "--clear", "--python", python.toString(), environment.toString()),
                failure,
                label,
                lines);
        if (lock.stream().allMatch(Requirements::isOption)) {
            return;
        }
        Path folder = scratch();
        try {
            Path locked = Files.writeString(folder.resolve("requirements.txt"), String.join("\n", lock) + "\n");
            List<String> command = List.of(
                    "pip",
                    "install",
                    "--compile-bytecode",
                    "--python",
                    environment.resolve("bin/python").toString(),
                    "--requirement",
                    locked.toString());
            run(command, failure, label, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            EnvironmentFolders.delete(folder);
        }
    }

    /// An interpreter without packages, by Python's own means: nothing is fetched for it. It has pip, as images with
    /// Python do. False when this Python cannot.
    boolean bare(Path python, Path environment, Consumer<String> lines) {
        List<String> command = List.of(python.toString(), "-m", "venv", "--clear", environment.toString());
        boolean made = tool.run(command, Map.of("PYTHONPATH", ""), lines).exit() == 0;
        if (!made) {
            EnvironmentFolders.delete(environment);
        }
        return made;
    }

    private void run(List<String> arguments, String failure, String label, Consumer<String> lines) {
        Path uv = executable(lines);
        Tool.Result result = call(uv, arguments, List.of(), lines);
        if (result.exit() == 0) {
            return;
        }
        if (!UNREACHABLE.matcher(result.output()).find()) {
            throw new Problem.Invalid("EnvironmentBuildFailed", failure + " uv says:\n" + result.output(), null);
        }
        lines.accept("The package index does not answer; trying with the packages in the cache.");
        if (call(uv, arguments, List.of("--offline"), lines).exit() != 0) {
            throw new Problem.Unavailable(
                    "PackageIndexUnreachable",
                    "The package index does not answer, and the cache does not have all that '" + label
                            + "' needs. uv says:\n" + result.output(),
                    null);
        }
    }

    private Tool.Result call(Path uv, List<String> arguments, List<String> more, Consumer<String> lines) {
        List<String> command = new ArrayList<>();
        command.add(uv.toString());
        command.addAll(arguments);
        command.addAll(more);
        return tool.run(command, settings(), lines);
    }

    /// uv itself; installed when it is not there.
    private Path executable(Consumer<String> lines) {
        Path uv = home.resolve("bin/uv");
        synchronized (this) {
            if (!checked) {
                try (FolderLock _ = FolderLock.of(home.resolveSibling("uv.lock"))) {
                    if (!answers(uv)) {
                        bring(uv, lines);
                    }
                }
                checked = true;
            }
        }
        return uv;
    }

    private boolean answers(Path uv) {
        return Files.isExecutable(uv)
                && tool.run(List.of(uv.toString(), "--version"), Map.of(), _ -> {})
                                .exit()
                        == 0;
    }

    private void bring(Path uv, Consumer<String> lines) {
        Optional<Pythons.Python> python = pythons.bootstrap();
        if (python.isEmpty()) {
            throw new Problem.Unavailable(
                    "PythonVenvMissing",
                    "No Python here can make virtual environments. Install its venv module (Debian: python3-venv).",
                    null);
        }
        lines.accept("installing uv, which installs packages (once)");
        String path = python.get().path().toString();
        Tool.Result made =
                tool.run(List.of(path, "-m", "venv", "--clear", home.toString()), Map.of("PYTHONPATH", ""), lines);
        if (made.exit() != 0) {
            throw new Problem.Unavailable(
                    "ToolFailed", "Python cannot make a virtual environment in " + home + ":\n" + made.output(), null);
        }
        Tool.Result installed = tool.run(
                List.of(
                        home.resolve("bin/python").toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "uv"),
                Map.of("PYTHONPATH", ""),
                lines);
        if (installed.exit() != 0 || !answers(uv)) {
            // Without retries pip says only that it found no version at all.
            boolean unreachable = UNREACHABLE.matcher(installed.output()).find()
                    || installed.output().contains("from versions: none");
            throw new Problem.Unavailable(
                    unreachable ? "PackageIndexUnreachable" : "ToolFailed",
                    (unreachable ? "The package index does not answer, or does not offer uv" : "pip failed")
                            + ", and uv is needed to build environments. pip says:\n" + installed.output(),
                    null);
        }
    }

    /// uv's variables, with the index that pip is configured for: uv itself reads neither pip's variables nor its file.
    private Map<String, String> settings() {
        Map<String, String> known = settings;
        if (known == null) {
            Tool.Result pip = tool.run(
                    List.of(home.resolve("bin/python").toString(), "-m", "pip", "config", "list"), Map.of(), _ -> {});
            known = UvSettings.of(variables, pip.exit() == 0 ? pip.output() : "", cache);
            settings = known;
        }
        return known;
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("atelier-uv");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
