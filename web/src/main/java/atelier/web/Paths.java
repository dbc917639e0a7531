package atelier.web;

import atelier.kernel.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Percent-decoding: the one place where a raw path or query becomes text, and it happens once.
public final class Paths {
    private Paths() {}

    /// Decodes `%xx` (UTF-8). `+` stays `+`, as in paths.
    public static String decode(String raw) {
        return decode(raw, false);
    }

    /// Decodes a query component: `+` is a space.
    static String decodeQuery(String raw) {
        return decode(raw, true);
    }

    private static String decode(String raw, boolean plusIsSpace) {
        if (raw.indexOf('%') < 0 && !(plusIsSpace && raw.indexOf('+') >= 0)) {
            return raw;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new Problem.Invalid("InvalidUri", "The address has an incomplete percent escape.", null);
                }
                bytes.write(high * 16 + low);
                i += 3;
            } else if (c == '+' && plusIsSpace) {
                bytes.write(' ');
                i++;
            } else {
                int codePoint = raw.codePointAt(i);
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(codePoint);
            }
        }
        if (bytes.toString(StandardCharsets.ISO_8859_1).indexOf(0) >= 0) {
            throw new Problem.Invalid("InvalidUri", "The address has the character NUL (%00).", null);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Problem.Invalid("InvalidUri", "The address is not valid UTF-8.", null);
        }
    }

    /// Splits `/a/b//c` into `a`, `b`, ``, `c` without decoding.
    static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        int from = rawPath.startsWith("/") ? 1 : 0;
        while (true) {
            int slash = rawPath.indexOf('/', from);
            if (slash < 0) {
                segments.add(rawPath.substring(from));
                return segments;
            }
            segments.add(rawPath.substring(from, slash));
            from = slash + 1;
        }
    }

    /// Parses a raw query; names and values are decoded once, order and repetitions are kept.
    public static Map<String, List<String>> query(@org.jspecify.annotations.Nullable String rawQuery) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (rawQuery == null || rawQuery.isEmpty()) {
            return query;
        }
        for (String part : rawQuery.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = decodeQuery(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decodeQuery(part.substring(equals + 1));
            query.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return query;
    }
}
