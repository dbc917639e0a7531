package atelier.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// MLflow's page token: base64 of `{"offset": n}`.
public final class PageToken {
    private static final Pattern FORM = Pattern.compile("\\{\\s*\"offset\"\\s*:\\s*(\\d{1,9})\\s*}");

    private PageToken() {}

    /// The offset a token stands for; 0 without one.
    public static int offset(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return 0;
        }
        String text;
        try {
            text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw MlflowRequest.invalid("Invalid page token, could not base64-decode");
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw MlflowRequest.invalid("Invalid page token, decoded value='" + text + "'");
        }
        int offset = Integer.parseInt(matcher.group(1));
        if (offset <= 0) {
            throw MlflowRequest.invalid("Invalid page token, parsed value={'offset': " + offset + "}");
        }
        return offset;
    }

    public static String of(int offset) {
        return Base64.getEncoder().encodeToString(("{\"offset\": " + offset + "}").getBytes(StandardCharsets.UTF_8));
    }
}
