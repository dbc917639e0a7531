package atelier.storage.http;

import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobAccount;
import atelier.storage.Container;
import atelier.storage.Containers;
import atelier.storage.Listing;
import atelier.storage.access.Grant;
import atelier.storage.access.HttpDates;
import atelier.web.Exchange;
import atelier.web.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operations on a container, among them the listing of its blobs.
final class ContainerOperations {
    private static final int MOST = 5000;
    private final Containers containers;
    private final BlobAccount blobs;

    ContainerOperations(Containers containers, BlobAccount blobs) {
        this.containers = containers;
        this.blobs = blobs;
    }

    /// @param across the account is listed as if it were one container: prefix and names begin with this one's
    Response serve(Exchange exchange, Grant grant, String name, boolean across) {
        String comp = exchange.query("comp", "");
        String method = exchange.method().equals("HEAD") ? "GET" : exchange.method();
        return switch (method + " " + comp) {
            case "PUT " -> {
                require(grant, name, "cw");
                yield create(exchange, name);
            }
            case "PUT metadata" -> {
                require(grant, name, "w");
                yield state(
                        200,
                        exchange,
                        containers.describe(name, Headers.metadata(exchange), Headers.conditions(exchange)));
            }
            case "GET ", "GET metadata" -> {
                require(grant, name, "r");
                yield properties(exchange, containers.get(name));
            }
            case "GET list" -> {
                require(grant, name, "l");
                yield list(exchange, name, across ? name + "/" : "");
            }
            case "GET acl" -> {
                require(grant, name, "r");
                containers.get(name);
                yield Xml.answer(exchange, new Xml().raw("<SignedIdentifiers />"));
            }
            case "DELETE " -> {
                require(grant, name, "d");
                containers.delete(name, Headers.conditions(exchange));
                yield Headers.answer(202, exchange);
            }
            default -> throw BlobRoutes.unknown(exchange);
        };
    }

    private static void require(Grant grant, String name, String anyOf) {
        grant.require(Grant.Level.CONTAINER, name, null, anyOf);
    }

    private Response create(Exchange exchange, String name) {
        if (!exchange.query("restype", "").equals("container")) {
            throw new Problem.Invalid(
                    "InvalidQueryParameterValue", "A container is made with restype=container.", null);
        }
        if (exchange.header("x-ms-blob-public-access") != null) {
            throw new Problem.Conflict(
                    "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
        }
        return state(201, exchange, containers.create(name, Headers.metadata(exchange)));
    }

    private static Response state(int status, Exchange exchange, Container container) {
        return Headers.state(Headers.answer(status, exchange), container.etag(), container.modifiedAt());
    }

    private static Response properties(Exchange exchange, Container container) {
        return Headers.metadata(state(200, exchange, container), container.metadata())
                .header("x-ms-lease-status", "unlocked")
                .header("x-ms-lease-state", "available")
                .header("x-ms-has-immutability-policy", "false")
                .header("x-ms-has-legal-hold", "false");
    }

    static int maxResults(Exchange exchange) {
        int max = exchange.query("maxresults", MOST);
        if (max < 1) {
            throw new Problem.Invalid(
                    "OutOfRangeQueryParameterValue", "'maxresults' is 1 to " + MOST + ".", "maxresults");
        }
        return Math.min(max, MOST);
    }

    private Response list(Exchange exchange, String name, String before) {
        String prefix = exchange.query("prefix", "");
        String delimiter = exchange.query("delimiter", "");
        String marker = exchange.query("marker", "");
        int max = maxResults(exchange);
        List<String> include = List.of(exchange.query("include", "").split(",", -1));
        Listing page = blobs.list(name, prefix.substring(before.length()), delimiter, marker, max);
        Xml xml = new Xml()
                .open("EnumerationResults ServiceEndpoint=\"" + Xml.escape(exchange.baseUrl()) + "/\" ContainerName=\""
                        + Xml.escape(name) + "\"");
        xml.element("Prefix", prefix).element("Marker", marker).element("MaxResults", Integer.toString(max));
        xml.element("Delimiter", delimiter).open("Blobs");
        for (Listing.Entry entry : page.entries()) {
            switch (entry) {
                case Listing.Prefix(String rolledUp) ->
                    xml.open("BlobPrefix").name(before + rolledUp).close("BlobPrefix");
                case Listing.Item(Blob blob) -> item(xml, before, blob, include.contains("metadata"));
            }
        }
        xml.close("Blobs").element("NextMarker", page.next() == null ? "" : page.next());
        return Xml.answer(exchange, xml.close("EnumerationResults"));
    }

    private static void item(Xml xml, String before, Blob blob, boolean metadata) {
        xml.open("Blob").name(before + blob.path().name()).open("Properties");
        xml.element("Creation-Time", HttpDates.format(blob.createdAt())).state(blob.etag(), blob.modifiedAt());
        xml.element("Content-Length", Long.toString(blob.size())).element("Content-Type", blob.contentType());
        optional(xml, "Content-Encoding", blob.contentEncoding());
        optional(xml, "Content-Language", blob.contentLanguage());
        optional(xml, "Content-MD5", blob.md5());
        optional(xml, "Content-Disposition", blob.contentDisposition());
        optional(xml, "Cache-Control", blob.cacheControl());
        xml.element("BlobType", "BlockBlob").element("AccessTier", "Hot").element("AccessTierInferred", "true");
        xml.element("LeaseStatus", "unlocked")
                .element("LeaseState", "available")
                .element("ServerEncrypted", "true");
        xml.close("Properties");
        if (metadata) {
            xml.metadata(blob.metadata());
        }
        xml.close("Blob");
    }

    private static void optional(Xml xml, String name, @Nullable String value) {
        xml.element(name, value == null ? "" : value);
    }
}
