package atelier.storage.http;

import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobAccount;
import atelier.storage.BlobAccount.Span;
import atelier.storage.BlobPath;
import atelier.storage.BlockBlobs;
import atelier.storage.BlockList;
import atelier.storage.Conditions;
import atelier.storage.Segment;
import atelier.storage.access.Grant;
import atelier.storage.access.HttpDates;
import atelier.web.Exchange;
import atelier.web.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operations that read a blob.
final class BlobReads {
    private static final int BUFFER = 256 * 1024;
    private static final int MOST_HASHED = 4 * 1024 * 1024;
    private final BlobAccount blobs;
    private final BlockBlobs blocks;

    BlobReads(BlobAccount blobs, BlockBlobs blocks) {
        this.blobs = blobs;
        this.blocks = blocks;
    }

    Response serve(Exchange exchange, Grant grant, BlobPath path) throws IOException {
        String comp = exchange.query("comp", "");
        grant.require(Grant.Level.OBJECT, path.container(), path.name(), "r");
        return switch (comp) {
            case "" -> exchange.method().equals("HEAD") ? head(exchange, blobs.get(path)) : get(exchange, path);
            case "metadata" -> metadata(exchange, blobs.get(path));
            case "blocklist" -> blockList(exchange, path);
            default -> throw BlobRoutes.unknown(exchange);
        };
    }

    private static Response head(Exchange exchange, Blob blob) {
        if (!Headers.conditions(exchange).readable(blob.etag(), blob.modifiedAt())) {
            return notModified(exchange, blob);
        }
        Response response = describe(Headers.answer(200, exchange), exchange, blob);
        return Headers.optional(response, "Content-MD5", blob.md5()).withLength(blob.size());
    }

    private static Response metadata(Exchange exchange, Blob blob) {
        if (!Headers.conditions(exchange).readable(blob.etag(), blob.modifiedAt())) {
            return notModified(exchange, blob);
        }
        Response response = Headers.state(Headers.answer(200, exchange), blob.etag(), blob.modifiedAt());
        return Headers.metadata(response, blob.metadata());
    }

    private static Response notModified(Exchange exchange, Blob blob) {
        return Headers.state(Headers.answer(304, exchange), blob.etag(), blob.modifiedAt())
                .header("x-ms-error-code", "ConditionNotMet");
    }

    private Response get(Exchange exchange, BlobPath path) throws IOException {
        Conditions conditions = Headers.conditions(exchange);
        Range range = Range.of(exchange);
        boolean[] unchanged = new boolean[1];
        BlobAccount.Reading reading = blobs.read(path, blob -> {
            unchanged[0] = !conditions.readable(blob.etag(), blob.modifiedAt());
            return unchanged[0] ? new Span(0, 0) : range.of(blob.size());
        });
        Blob blob = reading.blob();
        if (unchanged[0]) {
            reading.body().close();
            return notModified(exchange, blob);
        }
        Span span = reading.span();
        boolean hashed = range.asked() && "true".equalsIgnoreCase(exchange.header("x-ms-range-get-content-md5"));
        byte @Nullable [] small = hashed ? readSmall(reading) : null;
        InputStream in = small == null ? reading.body() : new ByteArrayInputStream(small);
        Response response = Response.stream(range.asked() ? 206 : 200, blob.contentType(), span.length(), out -> {
            try (in) {
                byte[] buffer = new byte[Math.clamp(span.length(), 1, BUFFER)];
                int read;
                while ((read = in.read(buffer)) >= 0) {
                    out.write(buffer, 0, read);
                }
            }
        });
        response = describe(Headers.version(response, exchange), exchange, blob);
        if (!range.asked()) {
            return Headers.optional(response, "Content-MD5", blob.md5());
        }
        response = Headers.optional(response, "x-ms-blob-content-md5", blob.md5());
        return Headers.optional(response, "Content-MD5", small == null ? null : md5(small))
                .header(
                        "Content-Range",
                        "bytes " + span.offset() + "-" + (span.offset() + span.length() - 1) + "/" + blob.size());
    }

    private static byte[] readSmall(BlobAccount.Reading reading) throws IOException {
        try (InputStream in = reading.body()) {
            if (reading.span().length() > MOST_HASHED) {
                throw new Problem.Invalid(
                        "OutOfRangeInput", "x-ms-range-get-content-md5 is for ranges of at most 4 MiB.", null);
            }
            return in.readAllBytes();
        }
    }

    private static Response describe(Response answer, Exchange exchange, Blob blob) {
        Response response = Headers.state(answer, blob.etag(), blob.modifiedAt());
        response = Headers.metadata(response, blob.metadata());
        // A signature may say how its one response is to be shown.
        response = response.header("Content-Type", exchange.query("rsct", blob.contentType()));
        response = Headers.optional(response, "Content-Encoding", or(exchange.query("rsce"), blob.contentEncoding()));
        response = Headers.optional(response, "Content-Language", or(exchange.query("rscl"), blob.contentLanguage()));
        response = Headers.optional(
                response, "Content-Disposition", or(exchange.query("rscd"), blob.contentDisposition()));
        response = Headers.optional(response, "Cache-Control", or(exchange.query("rscc"), blob.cacheControl()));
        // Blobs share the studio's origin; a page among them must not act with the reader's session.
        return response.header("Content-Security-Policy", "sandbox")
                .header("Accept-Ranges", "bytes")
                .header("x-ms-blob-type", "BlockBlob")
                .header("x-ms-creation-time", HttpDates.format(blob.createdAt()))
                .header("x-ms-lease-status", "unlocked")
                .header("x-ms-lease-state", "available")
                .header("x-ms-server-encrypted", "true")
                .header("x-ms-access-tier", "Hot")
                .header("x-ms-access-tier-inferred", "true");
    }

    private static @Nullable String or(@Nullable String first, @Nullable String second) {
        return first == null ? second : first;
    }

    private Response blockList(Exchange exchange, BlobPath path) {
        String type = exchange.query("blocklisttype", "committed");
        BlockList list = blocks.blocks(path);
        Xml xml = new Xml().open("BlockList");
        if (!type.equals("uncommitted")) {
            list(xml, "CommittedBlocks", list.committed());
        }
        if (!type.equals("committed")) {
            list(xml, "UncommittedBlocks", list.uncommitted());
        }
        Response response = Xml.answer(exchange, xml.close("BlockList"));
        Blob blob = blobs.find(path).orElse(null);
        return blob == null
                ? response.header("x-ms-blob-content-length", "0")
                : Headers.state(response, blob.etag(), blob.modifiedAt())
                        .header("x-ms-blob-content-length", Long.toString(blob.size()));
    }

    private static void list(Xml xml, String element, List<Segment> blocks) {
        xml.open(element);
        for (Segment block : blocks) {
            xml.open("Block").element("Name", String.valueOf(block.blockId()));
            xml.element("Size", Long.toString(block.size())).close("Block");
        }
        xml.close(element);
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
