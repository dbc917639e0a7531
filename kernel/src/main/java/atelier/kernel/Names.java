package atelier.kernel;

import java.util.regex.Pattern;

/// The forms of names that Azure Machine Learning allows; each check throws [Problem.Invalid] with the rule.
public final class Names {
    private static final Pattern ASSET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.\\-]{0,254}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.\\-]{0,254}");
    private static final Pattern ENDPOINT = Pattern.compile("[a-z][a-z0-9-]{1,30}[a-z0-9]");
    private static final Pattern JOB = Pattern.compile("[A-Za-z0-9][\\w\\-]{0,254}");

    private Names() {}

    /// Name of an asset (data, environment, model, component): letters, digits, `_ . -`, at most 255 characters.
    public static String asset(String name) {
        return check(
                ASSET,
                name,
                "name",
                "A name starts with a letter or digit and has letters, digits, '_', '.' and '-' only, 255 at most");
    }

    public static String version(String version) {
        return check(
                VERSION,
                version,
                "version",
                "A version starts with a letter or digit and has letters, digits, '_', '.' and '-' only, 255 at most");
    }

    /// Name of an endpoint or deployment: 3 to 32 of `a-z 0-9 -`, starting with a letter.
    public static String endpoint(String name) {
        return check(
                ENDPOINT,
                name,
                "name",
                "An endpoint or deployment name has 3 to 32 lower-case letters, digits and '-', starts with a letter and"
                        + " ends with a letter or digit");
    }

    /// Name of a job, which is also its MLflow run id: `^[a-zA-Z0-9][\w\-]{0,254}$`.
    public static String job(String name) {
        return check(
                JOB,
                name,
                "name",
                "A job name starts with a letter or digit and has letters, digits, '_' and '-' only, 255 at most");
    }

    private static String check(Pattern pattern, String value, String target, String rule) {
        if (!pattern.matcher(value).matches()) {
            throw new Problem.Invalid(
                    "InvalidName", "'" + abbreviate(value) + "' is not allowed. " + rule + ".", target);
        }
        return value;
    }

    private static String abbreviate(String value) {
        return value.length() <= 80 ? value : value.substring(0, 77) + "...";
    }
}
