package atelier.jobs.internal;

import atelier.jobs.internal.Distribution.Meeting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How the command of a job is started: as one process, or as several under a small script that ends them together.
/// Either way it is one process to [atelier.compute.Processes], so what holds of one holds of all: started once, found
/// again, ended as a tree.
final class Launch {
    private static final String SCRIPT = resource();
    private static final Pattern FAILED = Pattern.compile("^Process (\\d+) ended with exit code", Pattern.MULTILINE);
    private static final int TRIES = 50;

    private Launch() {}

    /// @param log what takes the output of the started process
    record Start(List<String> command, Path log) {}

    static Start of(@Nullable Distribution distribution, String command, JobFolder folder) throws IOException {
        if (distribution == null) {
            return new Start(List.of("bash", "-c", command), folder.log(JobFolder.STREAM));
        }
        Path variables = Files.createDirectories(folder.root().resolve("ranks"));
        Meeting meeting = new Meeting("127.0.0.1", freePorts(distribution.count()));
        int rank = 0;
        for (Map<String, String> some : distribution.variables(meeting)) {
            StringBuilder exports = new StringBuilder();
            some.forEach((name, value) -> exports.append("export ")
                    .append(name)
                    .append("='")
                    .append(value.replace("'", "'\\''"))
                    .append("'\n"));
            Files.writeString(variables.resolve(rank++ + ".sh"), exports);
        }
        Path logs = folder.log(JobFolder.STREAM).getParent();
        return new Start(
                List.of(
                        "bash",
                        "-c",
                        SCRIPT,
                        "processes",
                        Integer.toString(distribution.count()),
                        Integer.toString(distribution.needed()),
                        variables.toString(),
                        String.valueOf(logs),
                        command),
                folder.log(JobFolder.PROCESSES_LOG));
    }

    /// The log that tells why the command failed.
    static Path telling(@Nullable Distribution distribution, JobFolder folder) throws IOException {
        if (distribution == null) {
            return folder.log(JobFolder.STREAM);
        }
        Path log = folder.log(JobFolder.PROCESSES_LOG);
        Matcher failed = FAILED.matcher(Files.exists(log) ? Files.readString(log) : "");
        return failed.find()
                ? folder.log("user_logs/std_log_process_%02d.txt".formatted(Integer.parseInt(failed.group(1))))
                : log;
    }

    /// The first of `count` ports in a row that nobody listens on now.
    private static int freePorts(int count) throws IOException {
        IOException last = new IOException("no free ports");
        for (int attempt = 0; attempt < TRIES; attempt++) {
            List<ServerSocket> open = new ArrayList<>();
            try {
                ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                open.add(first);
                for (int next = 1; next < count; next++) {
                    open.add(new ServerSocket(first.getLocalPort() + next, 1, InetAddress.getLoopbackAddress()));
                }
                return first.getLocalPort();
            } catch (IOException | IllegalArgumentException e) {
                last = new IOException(e);
            } finally {
                for (ServerSocket socket : open) {
                    socket.close();
                }
            }
        }
        throw last;
    }

    private static String resource() {
        try (InputStream in = Launch.class.getResourceAsStream("processes.sh")) {
            if (in == null) {
                throw new IllegalStateException("The resource processes.sh is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
