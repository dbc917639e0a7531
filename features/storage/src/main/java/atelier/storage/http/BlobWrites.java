package atelier.storage.http;

import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobAccount;
import atelier.storage.BlobPath;
import atelier.storage.BlockBlobs;
import atelier.storage.Conditions;
import atelier.storage.ContentHeaders;
import atelier.storage.Upload;
import atelier.storage.access.Grant;
import atelier.web.Exchange;
import atelier.web.Response;
import java.io.IOException;
import java.util.List;

/// Operations that write, change or delete a blob.
final class BlobWrites {
    /// 50,000 entries of 100 bytes and their tags.
    private static final int BLOCK_LIST_BYTES = 8 * 1024 * 1024;

    private final BlobAccount blobs;
    private final BlockBlobs blocks;

    BlobWrites(BlobAccount blobs, BlockBlobs blocks) {
        this.blobs = blobs;
        this.blocks = blocks;
    }

    Response put(Exchange exchange, Grant grant, BlobPath path) throws IOException {
        return switch (exchange.query("comp", "")) {
            case "" -> whole(exchange, path, creating(exchange, grant, path));
            case "block" -> {
                creating(exchange, grant, path);
                yield block(exchange, path);
            }
            case "blocklist" -> commit(exchange, path, creating(exchange, grant, path));
            case "metadata" -> {
                require(grant, path, "w");
                yield Headers.written(
                        200,
                        exchange,
                        blobs.setMetadata(path, Headers.metadata(exchange), Headers.conditions(exchange)));
            }
            case "properties" -> {
                require(grant, path, "w");
                yield Headers.written(
                        200,
                        exchange,
                        blobs.setHeaders(path, Headers.content(exchange, null), Headers.conditions(exchange)));
            }
            default -> throw BlobRoutes.unknown(exchange);
        };
    }

    Response delete(Exchange exchange, Grant grant, BlobPath path) {
        if (exchange.query("comp") != null) {
            throw BlobRoutes.unknown(exchange);
        }
        require(grant, path, "d");
        blobs.delete(path, Headers.conditions(exchange));
        return Headers.answer(202, exchange).header("x-ms-delete-type-permanent", "true");
    }

    /// The conditions of a write; whoever may create but not write gets one more: nothing is there yet.
    static Conditions creating(Exchange exchange, Grant grant, BlobPath path) {
        require(grant, path, "wc");
        Conditions asked = Headers.conditions(exchange);
        return grant.allows(Grant.Level.OBJECT, path.container(), path.name(), "w")
                ? asked
                : new Conditions(asked.ifMatch(), List.of("*"), null, null);
    }

    private static void require(Grant grant, BlobPath path, String anyOf) {
        grant.require(Grant.Level.OBJECT, path.container(), path.name(), anyOf);
    }

    private Response whole(Exchange exchange, BlobPath path, Conditions conditions) throws IOException {
        String type = exchange.header("x-ms-blob-type");
        if (type == null) {
            throw new Problem.Invalid(
                    "MissingRequiredHeader", "A blob is put with 'x-ms-blob-type: BlockBlob'.", "x-ms-blob-type");
        }
        if (!type.equals("BlockBlob")) {
            throw new Problem.Unsupported("NotImplemented", "This server keeps block blobs; it has no '" + type + "'.");
        }
        ContentHeaders headers = Headers.content(exchange, exchange.header("Content-Type"));
        Upload upload = new Upload(
                withPlain(exchange, headers), Headers.metadata(exchange), conditions, exchange.header("Content-MD5"));
        Blob blob = blobs.put(path, exchange.body(), upload, BlobAccount.PUT_LIMIT);
        return Headers.optional(Headers.written(201, exchange, blob), "Content-MD5", blob.md5());
    }

    /// Put Blob takes the standard headers too, where those of its own are missing.
    private static ContentHeaders withPlain(Exchange exchange, ContentHeaders own) {
        return new ContentHeaders(
                own.type(),
                own.encoding() == null ? exchange.header("Content-Encoding") : own.encoding(),
                own.language() == null ? exchange.header("Content-Language") : own.language(),
                own.disposition(),
                own.cacheControl() == null ? exchange.header("Cache-Control") : own.cacheControl(),
                own.md5());
    }

    private Response block(Exchange exchange, BlobPath path) throws IOException {
        String id = exchange.query("blockid", "");
        String md5 = blocks.stage(path, id, exchange.body(), exchange.header("Content-MD5"));
        return Headers.answer(201, exchange).header("Content-MD5", md5).header("x-ms-request-server-encrypted", "true");
    }

    private Response commit(Exchange exchange, BlobPath path, Conditions conditions) throws IOException {
        Upload upload = new Upload(Headers.content(exchange, null), Headers.metadata(exchange), conditions, null);
        Blob blob = blocks.commit(path, Xml.blockList(exchange.bytes(BLOCK_LIST_BYTES)), upload);
        return Headers.written(201, exchange, blob);
    }
}
