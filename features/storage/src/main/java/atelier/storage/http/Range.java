package atelier.storage.http;

import atelier.kernel.Problem;
import atelier.storage.BlobAccount.Span;
import atelier.web.Exchange;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The range of a read; `x-ms-range` wins over `Range`. A header that is not one range of bytes is ignored, as HTTP
/// (RFC 9110, 14.2) allows.
///
/// @param first null for a suffix: the last `last` bytes
/// @param last inclusive; null for "to the end"
record Range(@Nullable Long first, @Nullable Long last) {
    private static final Pattern BYTES = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final Range ALL = new Range(null, null);

    static Range of(Exchange exchange) {
        String own = exchange.header("x-ms-range");
        return parse(own == null ? exchange.header("Range") : own);
    }

    static Range parse(@Nullable String header) {
        Matcher matcher = BYTES.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()) {
            return ALL;
        }
        Long first = number(matcher.group(1));
        Long last = number(matcher.group(2));
        return first != null && last != null && last < first ? ALL : new Range(first, last);
    }

    private static @Nullable Long number(String digits) {
        return digits.isEmpty() ? null : Long.valueOf(digits);
    }

    boolean asked() {
        return first != null || last != null;
    }

    /// @throws Problem.Invalid `InvalidRange` when no byte of a blob of that size is in it
    Span of(long size) {
        if (!asked()) {
            return new Span(0, size);
        }
        long from;
        long to;
        if (first == null) {
            from = Math.max(0, size - (last == null ? 0 : last));
            to = size;
        } else {
            from = first;
            to = last == null ? size : Math.min(size, last + 1);
        }
        if (from >= to) {
            throw new Problem.Invalid(
                    "InvalidRange", "The range specified is invalid for the current size of the resource.", "Range");
        }
        return new Span(from, to - from);
    }
}
