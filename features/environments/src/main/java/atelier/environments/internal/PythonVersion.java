package atelier.environments.internal;

import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Python version, and whether it is one that was asked for.
record PythonVersion(int major, int minor, int patch) implements Comparable<PythonVersion> {
    private static final Pattern FORM = Pattern.compile("(\\d+)(?:\\.(\\d+|\\*))?(?:\\.(\\d+|\\*))?.*");
    private static final Pattern CLAUSE = Pattern.compile("(===|==|>=|<=|!=|~=|=|>|<)?\\s*(\\d[\\w.*]*)");
    private static final Comparator<PythonVersion> ORDER = Comparator.comparingInt(PythonVersion::major)
            .thenComparingInt(PythonVersion::minor)
            .thenComparingInt(PythonVersion::patch);

    /// Missing parts, and `*`, are -1.
    static PythonVersion parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a Python version");
        }
        return new PythonVersion(number(form.group(1)), number(form.group(2)), number(form.group(3)));
    }

    private static int number(@org.jspecify.annotations.Nullable String part) {
        return part == null || part.equals("*") ? -1 : Integer.parseInt(part);
    }

    /// Whether this (whole) version is one of those that the specification means; a version alone means all its
    /// patches. An empty specification means any.
    boolean meets(String specification) {
        for (String clause : specification.split(",")) {
            Matcher matcher = CLAUSE.matcher(clause.strip());
            if (!matcher.matches()) {
                if (clause.isBlank()) {
                    continue;
                }
                return false;
            }
            String operator = matcher.group(1) == null ? "=" : matcher.group(1);
            if (!meets(operator.toLowerCase(Locale.ROOT), parse(matcher.group(2)))) {
                return false;
            }
        }
        return true;
    }

    private boolean meets(String operator, PythonVersion bound) {
        return switch (operator) {
            case ">=" -> compareTo(bound) >= 0;
            case "<" -> compareTo(bound) < 0;
            case "<=" -> within(bound) || compareTo(bound) < 0;
            case ">" -> !within(bound) && compareTo(bound) > 0;
            case "!=" -> !within(bound);
            case "~=" -> major == bound.major && compareTo(bound) >= 0 && (bound.patch < 0 || minor == bound.minor);
            default -> within(bound);
        };
    }

    private boolean within(PythonVersion bound) {
        return major == bound.major
                && (bound.minor < 0 || minor == bound.minor)
                && (bound.patch < 0 || patch == bound.patch);
    }

    /// How far another minor version is; patches do not count.
    int distance(PythonVersion other) {
        return Math.abs((major - other.major) * 100 + minor - Math.max(other.minor, 0));
    }

    @Override
    public int compareTo(PythonVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
