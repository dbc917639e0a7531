package atelier.batch;

import atelier.kernel.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/// Names of batch endpoints and deployments, as the SDK checks them: 3 to 32 letters, digits and `-`.
public final class BatchName {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]");

    private BatchName() {}

    /// @throws Problem.Invalid `InvalidName` with the rule
    static String check(String name) {
        if (!NAME.matcher(name).matches()) {
            String shown = name.length() <= 80 ? name : name.substring(0, 77) + "...";
            throw new Problem.Invalid(
                    "InvalidName",
                    "'" + shown
                            + "' is not allowed. A batch endpoint or deployment name has 3 to 32 letters, digits and"
                            + " '-', starts with a letter and ends with a letter or digit.",
                    "name");
        }
        return name;
    }

    /// What names are compared by.
    public static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
