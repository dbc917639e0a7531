package atelier.mlflow;

import atelier.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// MLflow's rules for the names of metrics, parameters and tags, and for lengths (mlflow/utils/validation.py).
public final class Keys {
    public static final int MAX_KEY = 250;
    private static final Pattern KEY = Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RUN_ID = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,255}");

    private Keys() {}

    /// Checks characters, path form and length.
    ///
    /// @param field how the complaint names the field: `key`, `metrics[1].name`
    /// @param what how the length complaint names it: `key`, `Param key`, `Metric name`
    public static String check(String key, String field, String what) {
        if (!KEY.matcher(key).matches()) {
            throw MlflowRequest.invalid("Invalid value " + Json.write(key) + " for parameter '" + field
                    + "' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.),"
                    + " spaces ( ), colon(:) and slashes (/).");
        }
        String resolved = normal(key);
        if (!resolved.equals(key) || resolved.equals(".") || resolved.startsWith("..") || resolved.startsWith("/")) {
            throw MlflowRequest.invalid("Invalid value " + Json.write(key) + " for parameter '" + field
                    + "' supplied: Names may be treated as files in certain cases, and must not resolve to other names"
                    + " when treated as such. This name would resolve to '" + resolved + "'");
        }
        length(key, what, MAX_KEY);
        return key;
    }

    /// Refuses text that is longer than `most` characters.
    public static String length(String value, String what, int most) {
        if (value.length() > most) {
            throw MlflowRequest.invalid("'" + what + "' exceeds the maximum length of " + most + " characters");
        }
        return value;
    }

    /// Cuts what is too long, as MLflow does for values of run tags and parameters.
    public static String truncated(String value, int most) {
        return value.length() <= most ? value : value.substring(0, most);
    }

    public static String runId(String id) {
        if (!RUN_ID.matcher(id).matches()) {
            throw MlflowRequest.invalid("Invalid value " + Json.write(id) + " for parameter 'run_id' supplied.");
        }
        return id;
    }

    /// The path that `key` would be as a file: `a//b` is `a/b`, `x/../y` is `y` (posixpath.normpath).
    static String normal(String key) {
        boolean absolute = key.startsWith("/");
        List<String> parts = new ArrayList<>();
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.equals("..") || !absolute) {
                parts.add(part);
            }
        }
        String joined = String.join("/", parts);
        return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
    }
}
