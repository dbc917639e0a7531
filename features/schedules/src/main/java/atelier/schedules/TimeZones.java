package atelier.schedules;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Time zones by the names that Azure uses, which are those of Windows (`Pacific Standard Time`: with summer time,
/// despite its name), or by IANA's.
public final class TimeZones {
    private static final Map<String, String> WINDOWS = read();

    private TimeZones() {}

    /// @throws Problem.Invalid naming near zones
    public static ZoneId of(String name) {
        String iana = WINDOWS.get(name.strip());
        if (iana != null) {
            return ZoneId.of(iana);
        }
        try {
            return ZoneId.of(name.strip());
        } catch (DateTimeException e) {
            List<String> known = new ArrayList<>(WINDOWS.keySet());
            known.addAll(ZoneId.getAvailableZoneIds());
            String shown = name.length() <= 80 ? name : name.substring(0, 77) + "...";
            throw new Problem.Invalid(
                    "InvalidTimeZone",
                    "'" + shown
                            + "' is no time zone. Use a Windows name such as 'Pacific Standard Time' or an IANA name"
                            + " such as 'Europe/Berlin'." + (name.length() > 80 ? "" : Nearest.hint(name, known)),
                    "properties.trigger.timeZone");
        }
    }

    private static Map<String, String> read() {
        Map<String, String> zones = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (InputStream in = Objects.requireNonNull(
                        TimeZones.class.getResourceAsStream("/atelier/schedules/windows-zones.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                if (!line.startsWith("#") && tab > 0) {
                    zones.put(line.substring(0, tab), line.substring(tab + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zones;
    }
}
