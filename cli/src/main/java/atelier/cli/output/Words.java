package atelier.cli.output;

import java.time.Duration;
import java.util.Locale;

/// Durations and sizes as people read them.
public final class Words {
    private Words() {}

    /// `0.8 s`, `42 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`.
    public static String duration(Duration time) {
        long seconds = time.toSeconds();
        if (time.toMillis() < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }

    /// `17 B`, `4.2 KiB`, `1.0 GiB`.
    public static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        String unit = "B";
        for (String next : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
            if (value < 1024) {
                break;
            }
            value /= 1024;
            unit = next;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
