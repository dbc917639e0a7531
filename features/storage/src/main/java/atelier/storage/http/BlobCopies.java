package atelier.storage.http;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.storage.AccountKeys;
import atelier.storage.Blob;
import atelier.storage.BlobAccount;
import atelier.storage.BlobPath;
import atelier.storage.BlockBlobs;
import atelier.storage.access.Doorkeeper;
import atelier.storage.access.Grant;
import atelier.web.Exchange;
import atelier.web.Paths;
import atelier.web.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Copy Blob, Put Blob From URL and Put Block From URL, from this account only. All are done when they answer.
final class BlobCopies {
    private static final Pattern SOURCE = Pattern.compile("https?://([^/?#]+)(/[^?#]*)(?:\\?([^#]*))?(?:#.*)?");
    private static final Pattern HOST_AND_REST =
            Pattern.compile("/((?:blob/([^/]+))|(?:([^/]+?)\\.blob\\.[^/]+))/(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    private final BlobAccount blobs;
    private final BlockBlobs blocks;
    private final Doorkeeper doorkeeper;
    private final Ids ids;

    BlobCopies(BlobAccount blobs, BlockBlobs blocks, Doorkeeper doorkeeper, Ids ids) {
        this.blobs = blobs;
        this.blocks = blocks;
        this.doorkeeper = doorkeeper;
        this.ids = ids;
    }

    Response serve(Exchange exchange, Grant grant, BlobPath target) throws IOException {
        var conditions = BlobWrites.creating(exchange, grant, target);
        BlobPath source = source(exchange, grant);
        String comp = exchange.query("comp", "");
        if (comp.equals("block")) {
            return block(exchange, source, target);
        }
        if (!comp.isEmpty()) {
            throw BlobRoutes.unknown(exchange);
        }
        Blob copy = blobs.copy(
                source, Headers.conditions(exchange, "x-ms-source-"), target, Headers.metadata(exchange), conditions);
        boolean putFromUrl = exchange.header("x-ms-blob-type") != null;
        Response response = Headers.written(putFromUrl ? 201 : 202, exchange, copy);
        return putFromUrl
                ? Headers.optional(response, "Content-MD5", copy.md5())
                : response.header("x-ms-copy-id", ids.guid()).header("x-ms-copy-status", "success");
    }

    private Response block(Exchange exchange, BlobPath source, BlobPath target) throws IOException {
        var conditions = Headers.conditions(exchange, "x-ms-source-");
        Range range = Range.parse(exchange.header("x-ms-source-range"));
        BlobAccount.Reading reading = blobs.read(source, blob -> {
            if (!conditions.readable(blob.etag(), blob.modifiedAt())) {
                throw new Problem.PreconditionFailed("SourceConditionNotMet", "The source condition is not met.");
            }
            return range.of(blob.size());
        });
        try (InputStream in = reading.body()) {
            String md5 =
                    blocks.stage(target, exchange.query("blockid", ""), in, exchange.header("x-ms-source-content-md5"));
            return Headers.answer(201, exchange)
                    .header("Content-MD5", md5)
                    .header("x-ms-request-server-encrypted", "true");
        }
    }

    /// Which blob is copied; the caller may read it by its own credential or by a signature in the address.
    private BlobPath source(Exchange exchange, Grant grant) {
        String text = exchange.header("x-ms-copy-source");
        Matcher address = SOURCE.matcher(text == null ? "" : text);
        if (!address.matches()) {
            throw new Problem.Invalid("InvalidHeaderValue", "'x-ms-copy-source' is not a URL.", "x-ms-copy-source");
        }
        Matcher path = HOST_AND_REST.matcher(address.group(2));
        if (!isHere(exchange, address.group(1)) || !path.matches() || !isOurs(path)) {
            throw new Problem.Unsupported(
                    "CannotVerifyCopySource", "This server copies from its own storage account only.");
        }
        Target target = Target.parse(path.group(1), Paths.decode(path.group(4)));
        if (target.container() == null || target.blob() == null) {
            throw new Problem.Invalid("InvalidHeaderValue", "'x-ms-copy-source' names no blob.", "x-ms-copy-source");
        }
        if (!grant.allows(Grant.Level.OBJECT, target.container(), target.blob(), "r")) {
            doorkeeper
                    .admitSource(address.group(3), target.host(), target.container(), target.blob(), exchange.secure())
                    .require(Grant.Level.OBJECT, target.container(), target.blob(), "r");
        }
        return new BlobPath(target.container(), target.blob());
    }

    private static boolean isOurs(Matcher path) {
        @Nullable String account = path.group(2) == null ? path.group(3) : path.group(2);
        return AccountKeys.ACCOUNT.equalsIgnoreCase(account);
    }

    private static boolean isHere(Exchange exchange, String authority) {
        String own = exchange.header("Host");
        String asked = authority.toLowerCase(Locale.ROOT);
        return asked.equalsIgnoreCase(own)
                || own != null
                        && LOOPBACK.matcher(asked).matches()
                        && LOOPBACK.matcher(own.toLowerCase(Locale.ROOT)).matches();
    }
}
