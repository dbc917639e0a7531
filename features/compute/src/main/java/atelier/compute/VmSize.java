package atelier.compute;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/// A size of virtual machine as Azure names it. Here it is a word that scripts carry: every job has this machine.
///
/// @param name such as `Standard_DS3_v2`; compared in any case
/// @param memoryGb gigabytes
/// @param diskMb local disk in megabytes
public record VmSize(String name, String family, int processors, int gpus, double memoryGb, int diskMb) {
    /// The size of this machine itself.
    public static final String LOCAL = "LOCAL";

    private static final Pattern FORM = Pattern.compile("(?i)(standard|basic)_[a-z]{1,8}[0-9]{1,3}[a-z0-9_-]{0,40}");
    private static final List<VmSize> KNOWN = read();

    /// The sizes that are listed.
    public static List<VmSize> known() {
        return KNOWN;
    }

    /// Refuses what is no size at all. Azure has more sizes than are listed here, so one of the right form is taken.
    ///
    /// @throws Problem.Invalid with the nearest known one
    public static void check(String name, String target) {
        if (name.equalsIgnoreCase(LOCAL) || FORM.matcher(name).matches()) {
            return;
        }
        String shown = name.length() <= 80 ? name : name.substring(0, 77) + "...";
        throw new Problem.Invalid(
                "InvalidVmSize",
                "'" + shown + "' is no size of a virtual machine."
                        + Nearest.hint(name, KNOWN.stream().map(VmSize::name).toList())
                        + " `az ml compute list-sizes` lists them.",
                target);
    }

    private static List<VmSize> read() {
        try (InputStream in = Objects.requireNonNull(VmSize.class.getResourceAsStream("sizes.txt"), "sizes.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split(" "))
                    .map(word -> new VmSize(
                            "Standard_" + word[0],
                            "standard" + word[1] + "Family",
                            Integer.parseInt(word[2]),
                            Integer.parseInt(word[3]),
                            Double.parseDouble(word[4]),
                            Integer.parseInt(word[5])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
