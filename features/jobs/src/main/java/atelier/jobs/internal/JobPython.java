package atelier.jobs.internal;

import atelier.environments.Environments.Interpreter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A virtual environment of the job's own on top of its environment, which other jobs share: what a command installs
/// (`pip install …`) is seen by this job and goes with its folder, as in a container. It is a handful of small files;
/// nothing is installed or copied for it.
final class JobPython {
    private static final int LARGEST_SCRIPT = 64 * 1024;

    private JobPython() {}

    /// The home to put into PATH and VIRTUAL_ENV.
    ///
    /// @param home a folder of the job, not there yet
    /// @return `home`, or the environment's own when it is no virtual environment
    static Path layer(Interpreter interpreter, Path home) throws IOException {
        Path shared = interpreter.home();
        Path configuration = shared.resolve("pyvenv.cfg");
        Optional<Path> packages = packages(shared);
        if (Files.notExists(configuration) || packages.isEmpty()) {
            return shared;
        }
        List<String> lines = Files.readAllLines(configuration);
        Files.createDirectories(home.resolve("bin"));
        Files.write(home.resolve("pyvenv.cfg"), lines);
        String version = name(packages.get());
        Path own = Files.createDirectories(home.resolve("lib").resolve(version).resolve("site-packages"));
        Files.createSymbolicLink(home.resolve("lib64"), Path.of("lib"));
        StringBuilder paths = new StringBuilder(
                "import site; site.addsitedir(" + quoted(packages.get().toString()) + ")\n");
        if (Files.notExists(packages.get().resolve("pip"))) {
            bundledPip(lines, version).ifPresent(wheel -> paths.append(wheel).append('\n'));
        }
        Files.writeString(own.resolve("_environment.pth"), paths);
        Files.createSymbolicLink(
                home.resolve("bin/python"), shared.resolve("bin/python").toRealPath());
        Files.createSymbolicLink(home.resolve("bin/python3"), Path.of("python"));
        Files.createSymbolicLink(home.resolve("bin").resolve(version), Path.of("python"));
        scripts(shared, home);
        for (String pip : List.of("pip", "pip3")) {
            script(home.resolve("bin").resolve(pip), "#!/bin/sh\nexec '" + home + "/bin/python' -m pip \"$@\"\n");
        }
        return home;
    }

    private static Optional<Path> packages(Path shared) throws IOException {
        Path lib = shared.resolve("lib");
        if (!Files.isDirectory(lib)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(lib, "python3*")) {
            for (Path version : versions) {
                if (Files.isDirectory(version.resolve("site-packages"))) {
                    return Optional.of(version.resolve("site-packages"));
                }
            }
        }
        return Optional.empty();
    }

    /// `python3.11` of `…/python3.11/site-packages`.
    private static String name(Path packages) {
        return packages.getName(packages.getNameCount() - 2).toString();
    }

    /// Every image with Python has pip; Python carries one along for `ensurepip`.
    private static Optional<Path> bundledPip(List<String> configuration, String version) throws IOException {
        for (String line : configuration) {
            String[] parts = line.split("=", 2);
            if (parts.length < 2 || !parts[0].strip().equals("home")) {
                continue;
            }
            Path bin = Path.of(parts[1].strip());
            Path bundled = bin.resolveSibling("lib").resolve(version).resolve("ensurepip/_bundled");
            if (Files.isDirectory(bundled)) {
                try (Stream<Path> wheels = Files.list(bundled)) {
                    return wheels.filter(wheel -> wheel.getFileName().toString().startsWith("pip-"))
                            .findFirst();
                }
            }
        }
        return Optional.empty();
    }

    /// The environment's commands, run by the job's interpreter so that they see what it installed.
    private static void scripts(Path shared, Path home) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(shared.resolve("bin"))) {
            for (Path file : files) {
                Path copy = home.resolve("bin").resolve(file.getFileName());
                if (Files.isSymbolicLink(file) || Files.exists(copy) || Files.size(file) > LARGEST_SCRIPT) {
                    continue;
                }
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length < 2 || bytes[0] != '#' || bytes[1] != '!') {
                    continue;
                }
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                String python = shared.resolve("bin/python").toString();
                // The path stands in the first line, or in the third when it has spaces.
                String head = text.lines().limit(3).collect(Collectors.joining("\n"));
                if (head.contains(python)) {
                    script(
                            copy,
                            head.replace(python, home.resolve("bin/python").toString())
                                    + text.substring(head.length()));
                }
            }
        }
    }

    private static void script(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String quoted(String path) {
        return "'" + path.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
