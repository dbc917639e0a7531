package atelier.environments.internal;

import atelier.environments.Environments.Definition;
import atelier.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Requirement lines of pip: cleaned, checked, hashed.
final class Requirements {
    private Requirements() {}

    /// Without comments and empty lines.
    static List<String> clean(Collection<String> lines) {
        List<String> cleaned = new ArrayList<>();
        for (String line : lines) {
            // A '#' inside a URL is not a comment; one after a blank is.
            String text = line.replaceFirst("(^|\\s)#.*$", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            if (text.matches("(-r|--requirement|-c|--constraint|-e|--editable)[\\s=].*")) {
                throw new Problem.Invalid(
                        "InvalidRequirement",
                        "'" + text + "' points to a file that is not part of the environment; list the packages.",
                        "requirements");
            }
            cleaned.add(text);
        }
        return List.copyOf(cleaned);
    }

    /// Whether the line sets an option, such as an index, rather than names a package.
    static boolean isOption(String line) {
        return line.startsWith("-");
    }

    /// The name of a line's project as the index has it (PEP 503); empty for options.
    static String project(String line) {
        if (isOption(line)) {
            return "";
        }
        String name = line.strip().split("[\\s\\[=<>!~;@]", 2)[0];
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }

    static Definition definition(String label, String python, Collection<String> lines) {
        List<String> cleaned = clean(lines);
        String content =
                python + "\n" + String.join("\n", cleaned.stream().sorted().toList());
        return new Definition(label, python, cleaned, sha256(content));
    }

    static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
