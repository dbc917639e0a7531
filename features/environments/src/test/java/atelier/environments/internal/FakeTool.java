package atelier.environments.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Does what python, pip and uv leave behind on disk, without packages. A requirement `missing` does not exist;
/// [#indexDown] cuts the network, with what was resolved before in the cache.
final class FakeTool implements Tool {
    static final Result UNREACHABLE =
            new Result(2, "error: Request failed after 3 retries\n  cause: client error (Connect)");

    final List<List<String>> calls = new CopyOnWriteArrayList<>();
    final CountDownLatch installing = new CountDownLatch(1);
    volatile CountDownLatch mayInstall = new CountDownLatch(0);
    volatile boolean indexDown;
    volatile boolean installFails;
    private final List<String> cached = new CopyOnWriteArrayList<>();

    @Override
    public Result run(List<String> command, Map<String, String> variables, Consumer<String> lines) {
        calls.add(command);
        try {
            String all = String.join(" ", command);
            if (all.contains("-m venv")) {
                return done(executable(Path.of(command.getLast()).resolve("bin/python")));
            }
            if (all.endsWith("pip install --quiet --disable-pip-version-check uv")) {
                return indexDown
                        ? new Result(1, "Failed to establish a new connection")
                        : done(executable(Path.of(command.getFirst()).resolveSibling("uv")));
            }
            if (all.contains("pip compile")) {
                return compile(command);
            }
            if (all.contains(" venv ")) {
                return done(executable(Path.of(command.getLast()).resolve("bin/python")));
            }
            if (all.contains("pip install")) {
                return install(command, lines);
            }
            return new Result(0, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Result compile(List<String> command) throws IOException {
        int offline = command.getLast().equals("--offline") ? 1 : 0;
        Path wanted = Path.of(command.get(command.size() - 1 - offline));
        Path locked = Path.of(command.get(command.indexOf("--output-file") + 1));
        List<String> lock = new ArrayList<>();
        for (String line : Files.readAllLines(wanted)) {
            if (line.startsWith("-")) {
                continue;
            }
            String name = line.split("[=<>]")[0];
            if (name.equals("missing")) {
                return new Result(1, "Because missing was not found in the package registry");
            }
            if (indexDown && (offline == 0 || !cached.contains(name))) {
                return UNREACHABLE;
            }
            lock.add(name + "==1.0");
        }
        lock.forEach(line -> cached.add(line.split("=")[0]));
        Files.write(locked, lock);
        return new Result(0, "");
    }

    private Result install(List<String> command, Consumer<String> lines) throws IOException, InterruptedException {
        lines.accept("Installed things");
        installing.countDown();
        mayInstall.await();
        if (installFails) {
            return new Result(1, "No space left on device");
        }
        if (indexDown && !command.getLast().equals("--offline")) {
            return UNREACHABLE;
        }
        Path python = Path.of(command.get(command.indexOf("--python") + 1));
        Path requirements = Path.of(command.get(command.indexOf("--requirement") + 1));
        Files.copy(requirements, python.resolveSibling("installed.txt"));
        return new Result(0, "");
    }

    private static boolean executable(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        return file.toFile().setExecutable(true);
    }

    private static Result done(boolean well) {
        return new Result(well ? 0 : 1, "");
    }

    long count(String words) {
        return calls.stream()
                .filter(call -> String.join(" ", call).contains(words))
                .count();
    }
}
