package atelier.compute.internal;

import atelier.compute.Processes;
import atelier.kernel.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Processes of this machine, each under a tiny shell supervisor in a session of its own (`setsid`).
///
/// Files of a bookkeeping folder: `started` (written here before anything runs), `process` (claimed by the
/// supervisor),
/// `exit` (written by it at the end). After a crash between the first two, [#find] claims `process` itself: a
/// supervisor that comes late then ends without running the command.
public final class LocalProcesses implements Processes {
    private static final String SUPERVISOR = resource("supervisor.sh");
    private static final String ABANDONED = "0 0 abandoned\n";
    private static final Set<String> INHERITED = Set.of(
            "PATH",
            "HOME",
            "LANG",
            "LC_ALL",
            "TZ",
            "TMPDIR",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "ALL_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE");
    private final Map<Path, LocalHandle> children = new ConcurrentHashMap<>();

    @Override
    public Handle start(Spec spec, Path folder) {
        Path key = folder.toAbsolutePath().normalize();
        try {
            Files.writeString(key.resolve("started"), String.join(" ", spec.command()), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new Problem.Conflict("AlreadyStarted", "A process was started here before; it is not started again.");
        } catch (IOException e) {
            throw new Problem.Unavailable("ProcessNotStarted", "The process could not be started: " + e, e);
        }
        List<String> command = new ArrayList<>(List.of("setsid", "sh", "-c", SUPERVISOR, "supervisor", key.toString()));
        command.addAll(spec.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(spec.workingDirectory().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.output().toFile()));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !INHERITED.contains(name.toUpperCase(Locale.ROOT)));
        environment.putAll(spec.environment());
        String[] cookie = LocalHandle.cookie(key).split("=", 2);
        environment.put(cookie[0], cookie[1]);
        try {
            Process process = builder.start();
            LocalHandle handle = new LocalHandle(key, process);
            children.put(key, handle);
            process.onExit().thenRun(() -> children.remove(key, handle));
            return handle;
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "ProcessNotStarted", "The process could not be started: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Handle> find(Path folder) {
        Path key = folder.toAbsolutePath().normalize();
        LocalHandle own = children.get(key);
        if (own != null) {
            return Optional.of(own);
        }
        if (Files.notExists(key.resolve("started")) || gaveUp(key)) {
            return Optional.empty();
        }
        return Optional.of(new LocalHandle(key, null));
    }

    /// True when no supervisor had claimed the folder, and none ever will.
    private static boolean gaveUp(Path folder) {
        Path claim = folder.resolve("process");
        try {
            Files.writeString(claim, ABANDONED, StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException e) {
            try {
                return Files.readString(claim).equals(ABANDONED);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Processes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
