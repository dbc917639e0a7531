package atelier.environments.internal;

import atelier.kernel.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// The Python interpreters of this machine: those on the path, pyenv's and those that uv keeps. None is downloaded:
/// what runs here is what the machine's owner installed.
public final class Pythons {
    /// What an environment gets that does not say; the version that most wheels of the last years exist for.
    private static final PythonVersion USUAL = new PythonVersion(3, 11, 0);

    private static final PythonVersion OLDEST = new PythonVersion(3, 8, 0);
    private static final Pattern NAME = Pattern.compile("python3(\\.\\d+)?");
    private static final Pattern ANY_NUMBER = Pattern.compile("\\d+\\.\\d+(\\.\\d+)?");
    private static final String PROBE = "import sys, importlib.util as u;"
            + "print('%d.%d.%d' % sys.version_info[:3], 1 if u.find_spec('ensurepip') and u.find_spec('venv') else 0)";

    private final Supplier<List<Python>> finder;
    private volatile List<Python> found = List.of();

    /// @param canBootstrap whether it can make virtual environments with pip by itself
    record Python(Path path, PythonVersion version, boolean canBootstrap) {}

    /// @param note a sentence when the interpreter is not what was asked for, else empty
    record Choice(Python python, String note) {}

    Pythons(Supplier<List<Python>> finder) {
        this.finder = finder;
    }

    /// Looks on first use, and again when there was none.
    public static Pythons installed(Tool tool, Map<String, String> variables) {
        return new Pythons(() -> look(tool, variables));
    }

    private List<Python> all() {
        if (found.isEmpty()) {
            found = finder.get();
        }
        if (found.isEmpty()) {
            throw new Problem.Unavailable(
                    "PythonMissing", "No Python 3.8 or newer is installed. Install python3 (3.10 or newer).", null);
        }
        return found;
    }

    /// The interpreter that meets the specification, or the nearest.
    Choice choose(String specification) {
        List<Python> pythons = all();
        PythonVersion wish = ANY_NUMBER.matcher(specification).matches() ? PythonVersion.parse(specification) : USUAL;
        Comparator<Python> nearest = Comparator.<Python>comparingInt(
                        python -> python.version().distance(wish))
                .thenComparing(Python::version, Comparator.reverseOrder());
        Optional<Python> exact = pythons.stream()
                .filter(python -> python.version().meets(specification))
                .min(nearest);
        if (exact.isPresent()) {
            return new Choice(exact.get(), "");
        }
        Python python = pythons.stream().min(nearest).orElseThrow();
        return new Choice(
                python,
                "Python " + specification + " is not installed; the nearest, " + python.version() + " (" + python.path()
                        + "), takes its place");
    }

    /// An interpreter that can make virtual environments by itself, the newest of those most packages support.
    Optional<Python> bootstrap() {
        return all().stream()
                .filter(Python::canBootstrap)
                .min(Comparator.comparingInt(python -> python.version().distance(USUAL)));
    }

    private static List<Python> look(Tool tool, Map<String, String> variables) {
        Map<Path, Python> pythons = new LinkedHashMap<>();
        for (Path candidate : candidates(variables)) {
            try {
                Path real = candidate.toRealPath();
                // A shim's real path is a script for all versions; what it runs is told by itself.
                if (!pythons.containsKey(real)) {
                    probe(tool, candidate).ifPresent(python -> pythons.put(real, python));
                }
            } catch (IOException e) {
                continue; // a link that leads nowhere
            }
        }
        return List.copyOf(pythons.values());
    }

    private static Optional<Python> probe(Tool tool, Path candidate) {
        Tool.Result result = tool.run(List.of(candidate.toString(), "-I", "-c", PROBE), Map.of(), _ -> {});
        String[] words = result.output().strip().split(" ");
        if (result.exit() != 0
                || words.length != 2
                || !ANY_NUMBER.matcher(words[0]).matches()) {
            return Optional.empty();
        }
        PythonVersion version = PythonVersion.parse(words[0]);
        return version.compareTo(OLDEST) < 0
                ? Optional.empty()
                : Optional.of(new Python(candidate, version, words[1].equals("1")));
    }

    private static Set<Path> candidates(Map<String, String> variables) {
        Set<Path> candidates = new LinkedHashSet<>();
        List<Path> folders = new ArrayList<>();
        String home = variables.getOrDefault("HOME", "");
        Path pyenv = Path.of(variables.getOrDefault("PYENV_ROOT", home + "/.pyenv"));
        // pyenv's shims answer for one version only and fail for the others; the versions themselves do not.
        for (Path version : list(pyenv.resolve("versions"))) {
            folders.add(version.resolve("bin"));
        }
        for (Path version : list(Path.of(home, ".local", "share", "uv", "python"))) {
            folders.add(version.resolve("bin"));
        }
        for (String folder :
                variables.getOrDefault("PATH", "/usr/local/bin:/usr/bin").split(File.pathSeparator)) {
            if (!folder.isBlank() && !Path.of(folder).startsWith(pyenv)) {
                folders.add(Path.of(folder));
            }
        }
        for (Path folder : folders) {
            for (Path file : list(folder)) {
                if (NAME.matcher(file.getFileName().toString()).matches() && Files.isExecutable(file)) {
                    candidates.add(file);
                }
            }
        }
        return candidates;
    }

    private static List<Path> list(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            return List.of(); // not there, or not ours to read
        }
        entries.sort(Comparator.naturalOrder());
        return entries;
    }
}
