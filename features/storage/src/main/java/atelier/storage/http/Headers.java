package atelier.storage.http;

import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.Conditions;
import atelier.storage.ContentHeaders;
import atelier.storage.access.HttpDates;
import atelier.web.Exchange;
import atelier.web.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Headers of the Blob service, in both directions.
final class Headers {
    private static final Pattern VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern METADATA_NAME = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final String META = "x-ms-meta-";
    private static final int METADATA_BYTES = 8 * 1024;
    private static final String DEFAULT_VERSION = "2021-12-02";
    /// Asking for these changes what is kept; ignoring them would lose what the client believes it has.
    private static final List<String> REFUSED = List.of(
            "x-ms-structured-body",
            "x-ms-encryption-key",
            "x-ms-encryption-scope",
            "x-ms-tags",
            "x-ms-if-tags",
            "x-ms-immutability-policy-until-date",
            "x-ms-legal-hold");

    private Headers() {}

    /// Clients move on faster than any list of versions: every well-formed one is answered as it came.
    static String version(Exchange exchange) {
        String version = exchange.header("x-ms-version");
        return version != null && VERSION.matcher(version).matches() ? version : DEFAULT_VERSION;
    }

    static void check(Exchange exchange) {
        String version = exchange.header("x-ms-version");
        if (version != null && !VERSION.matcher(version).matches()) {
            throw new Problem.Invalid("InvalidHeaderValue", "'x-ms-version' is a date such as 2021-12-02.", null);
        }
        for (String name : REFUSED) {
            if (exchange.header(name) != null) {
                throw new Problem.Unsupported(
                        "UnsupportedHeader", "This server does not support the header '" + name + "'.");
            }
        }
        if (exchange.header("x-ms-lease-id") != null) {
            throw new Problem.PreconditionFailed(
                    "LeaseNotPresentWithBlobOperation", "There is currently no lease here; this server has none.");
        }
    }

    static Conditions conditions(Exchange exchange) {
        return conditions(exchange, "");
    }

    /// @param prefix empty, or `x-ms-source-` for those of a copy's source
    static Conditions conditions(Exchange exchange, String prefix) {
        return new Conditions(
                etags(exchange.header(prefix + "If-Match")),
                etags(exchange.header(prefix + "If-None-Match")),
                date(exchange, prefix + "If-Modified-Since"),
                date(exchange, prefix + "If-Unmodified-Since"));
    }

    private static List<String> etags(@Nullable String header) {
        List<String> etags = new ArrayList<>();
        if (header != null) {
            for (String part : header.split(",", -1)) {
                String etag = part.strip();
                if (etag.equals("*") || etag.startsWith("\"")) {
                    etags.add(etag);
                } else if (!etag.isEmpty()) {
                    // Listings carry ETags without quotes, and clients send back what they read.
                    etags.add("\"" + etag + "\"");
                }
            }
        }
        return etags;
    }

    private static @Nullable Instant date(Exchange exchange, String name) {
        String text = exchange.header(name);
        Instant date = HttpDates.parse(text);
        if (text != null && date == null) {
            throw new Problem.Invalid("InvalidHeaderValue", "'" + name + "' is not a date: " + text, name);
        }
        return date;
    }

    static Map<String, String> metadata(Exchange exchange) {
        Map<String, String> metadata = new TreeMap<>();
        int size = 0;
        for (Map.Entry<String, String> header : exchange.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!name.startsWith(META)) {
                continue;
            }
            String key = name.substring(META.length());
            if (!METADATA_NAME.matcher(key).matches()) {
                throw new Problem.Invalid(
                        key.isEmpty() ? "EmptyMetadataKey" : "InvalidMetadata",
                        "A metadata name has letters, digits and '_' and starts with no digit: '" + key + "'.",
                        null);
            }
            String value = header.getValue().strip();
            metadata.merge(key, value, (a, b) -> a + "," + b);
            size += key.length() + value.length();
        }
        if (size > METADATA_BYTES) {
            throw new Problem.Invalid("MetadataTooLarge", "Metadata has at most 8 KiB.", null);
        }
        return metadata;
    }

    /// The headers to keep with a blob.
    ///
    /// @param type used when there is no `x-ms-blob-content-type`
    static ContentHeaders content(Exchange exchange, @Nullable String type) {
        String own = exchange.header("x-ms-blob-content-type");
        return new ContentHeaders(
                own == null ? type : own,
                exchange.header("x-ms-blob-content-encoding"),
                exchange.header("x-ms-blob-content-language"),
                exchange.header("x-ms-blob-content-disposition"),
                exchange.header("x-ms-blob-cache-control"),
                exchange.header("x-ms-blob-content-md5"));
    }

    static Response answer(int status, Exchange exchange) {
        return Response.status(status).header("x-ms-version", version(exchange));
    }

    static Response version(Response response, Exchange exchange) {
        return response.header("x-ms-version", version(exchange));
    }

    static Response state(Response response, String etag, Instant modifiedAt) {
        return response.header("ETag", etag).header("Last-Modified", HttpDates.format(modifiedAt));
    }

    /// What a successful write answers.
    static Response written(int status, Exchange exchange, Blob blob) {
        return state(answer(status, exchange), blob.etag(), blob.modifiedAt())
                .header("x-ms-request-server-encrypted", "true");
    }

    static Response metadata(Response response, Map<String, String> metadata) {
        Response changed = response;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            changed = changed.header(META + entry.getKey(), entry.getValue());
        }
        return changed;
    }

    static Response optional(Response response, String name, @Nullable String value) {
        return value == null || value.isEmpty() ? response : response.header(name, value);
    }
}
