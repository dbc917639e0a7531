package atelier.storage.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What the three kinds of signature cover (learn.microsoft.com, "Authorize with Shared Key", "Create a service SAS",
/// "Create an account SAS"), and HMAC-SHA256 over it.
public final class StringsToSign {
    /// Header names as text compares them where '-' counts less than letters, as the .NET client sorts.
    public static final Comparator<String> HYPHENS_LAST =
            Comparator.comparing((String name) -> name.replace("-", "")).thenComparing(Comparator.naturalOrder());

    private static final List<String> SIGNED_HEADERS = List.of(
            "Content-Encoding",
            "Content-Language",
            "Content-Length",
            "Content-MD5",
            "Content-Type",
            "Date",
            "If-Modified-Since",
            "If-Match",
            "If-None-Match",
            "If-Unmodified-Since",
            "Range");

    private StringsToSign() {}

    /// One request under Shared Key.
    ///
    /// @param account the name the client signs with; with an address in the path it is part of that path
    /// @param rawPath as sent, not decoded
    /// @param order of the `x-ms-` headers
    public static String sharedKey(
            String method,
            List<Map.Entry<String, String>> headers,
            String account,
            String rawPath,
            Map<String, List<String>> query,
            Comparator<String> order) {
        TreeMap<String, String> own = new TreeMap<>(order);
        Map<String, String> plain = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-ms-")) {
                own.merge(name, header.getValue().strip(), (a, b) -> a + "," + b);
            } else {
                plain.putIfAbsent(name, header.getValue());
            }
        }
        if (own.containsKey("x-ms-date")) {
            plain.remove("Date");
        }
        if ("0".equals(plain.get("Content-Length"))) {
            plain.remove("Content-Length");
        }
        StringBuilder text = new StringBuilder(method).append('\n');
        SIGNED_HEADERS.forEach(name -> text.append(plain.getOrDefault(name, "")).append('\n'));
        own.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
        text.append('/').append(account).append(rawPath);
        TreeMap<String, List<String>> sorted = new TreeMap<>();
        query.forEach((name, values) -> sorted.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .addAll(values));
        sorted.forEach((name, values) -> text.append('\n')
                .append(name)
                .append(':')
                .append(String.join(",", values.stream().sorted().toList())));
        return text.toString();
    }

    /// A service SAS for a container or blob; the layout follows `sv`.
    ///
    /// @param resource `/blob/{account}/{container}[/{blob}]`, decoded
    /// @param field a query parameter of the token, decoded; null when missing
    public static String serviceSas(String resource, Function<String, @Nullable String> field) {
        String version = or(field, "sv");
        List<String> lines = new ArrayList<>(List.of(or(field, "sp"), or(field, "st"), or(field, "se"), resource));
        add(lines, field, "si", "sip", "spr", "sv");
        if (version.compareTo("2018-11-09") >= 0) {
            add(lines, field, "sr", "snapshot");
        }
        if (version.compareTo("2020-12-06") >= 0) {
            add(lines, field, "ses");
        }
        add(lines, field, "rscc", "rscd", "rsce", "rscl", "rsct");
        return String.join("\n", lines);
    }

    /// An account SAS; every field ends with a line feed.
    public static String accountSas(String account, Function<String, @Nullable String> field) {
        List<String> lines = new ArrayList<>(List.of(account));
        add(lines, field, "sp", "ss", "srt", "st", "se", "sip", "spr", "sv");
        if (or(field, "sv").compareTo("2020-12-06") >= 0) {
            add(lines, field, "ses");
        }
        return String.join("\n", lines) + "\n";
    }

    private static void add(List<String> lines, Function<String, @Nullable String> field, String... names) {
        for (String name : names) {
            lines.add(or(field, name));
        }
    }

    private static String or(Function<String, @Nullable String> field, String name) {
        String value = field.apply(name);
        return value == null ? "" : value;
    }

    /// Base64 of HMAC-SHA256 under a key in base64.
    public static String sign(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether `signature` is that of `text`; takes as long whatever the first difference.
    static boolean holds(String key, String text, String signature) {
        return MessageDigest.isEqual(
                sign(key, text).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
    }
}
