package atelier.jobs.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// The last lines of a log, for the error of a job.
final class LogTail {
    private static final int BYTES = 4096;
    private static final int LINES = 20;

    private LogTail() {}

    /// ` The last lines of its log:` and at most 20 lines; nothing when there are none.
    static String of(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - BYTES);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            List<String> lines = text.lines().toList();
            List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
            return text.isEmpty() ? "" : " The last lines of its log:\n" + String.join("\n", last);
        } catch (IOException e) {
            return "";
        }
    }
}
