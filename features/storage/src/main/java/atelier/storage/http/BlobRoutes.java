package atelier.storage.http;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.storage.AccountKeys;
import atelier.storage.BlobPath;
import atelier.storage.StorageFeature;
import atelier.storage.access.Doorkeeper;
import atelier.storage.access.Grant;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The addresses of the Blob service, both of one account:
/// `/{account}.blob.{suffix}/{container}/{blob}` (what SDKs build from an account name, and the form emulators have)
/// and `/blob/{account}/{container}/{blob}`. What is done is in the method and the query's `restype` and `comp`.
public final class BlobRoutes {
    private final Doorkeeper doorkeeper;
    private final AccountOperations account;
    private final ContainerOperations containers;
    private final BlobReads reads;
    private final BlobWrites writes;
    private final BlobCopies copies;

    public BlobRoutes(StorageFeature storage, Doorkeeper doorkeeper, Ids ids) {
        this.doorkeeper = doorkeeper;
        this.account = new AccountOperations(storage.containers());
        this.containers = new ContainerOperations(storage.containers(), storage.account());
        this.reads = new BlobReads(storage.account(), storage.blocks());
        this.writes = new BlobWrites(storage.account(), storage.blocks());
        this.copies = new BlobCopies(storage.account(), storage.blocks(), doorkeeper, ids);
    }

    public Routes routes() {
        Routes routes = new Routes(BlobProblems.INSTANCE);
        routes.open("*", "/{account}.blob.{suffix}", exchange -> serve(exchange, dotted(exchange), ""));
        routes.open(
                "*",
                "/{account}.blob.{suffix}/{path...}",
                exchange -> serve(exchange, dotted(exchange), exchange.path("path")));
        routes.open("*", "/blob/{account}", exchange -> serve(exchange, slashed(exchange), ""));
        routes.open(
                "*",
                "/blob/{account}/{path...}",
                exchange -> serve(exchange, slashed(exchange), exchange.path("path")));
        return routes;
    }

    private static String dotted(Exchange exchange) {
        return exchange.path("account") + ".blob." + exchange.path("suffix");
    }

    private static String slashed(Exchange exchange) {
        return "blob/" + exchange.path("account");
    }

    /// @param host what stands for the account in the address
    /// @param path decoded: empty, `container`, `container/` or `container/blob`
    private Response serve(Exchange exchange, String host, String path) throws IOException {
        Target target = Target.parse(host, path);
        String across = across(exchange, target);
        if (across != null) {
            target = new Target(host, across, null);
        }
        if (target.container() != null) {
            BlobPath.checkContainer(target.container());
        }
        Grant grant = doorkeeper.admit(exchange, host, target.container(), target.blob());
        if (!exchange.path("account").equalsIgnoreCase(AccountKeys.ACCOUNT)) {
            throw new Problem.NotFound(
                    "ResourceNotFound", "There is no storage account '" + exchange.path("account") + "' here.");
        }
        Headers.check(exchange);
        boolean reading = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (reading && exchange.query("restype", "").equals("account")) {
            return AccountOperations.information(exchange);
        }
        if (target.container() == null) {
            return account.serve(exchange, grant);
        }
        if (target.blob() == null) {
            return containers.serve(exchange, grant, target.container(), across != null);
        }
        BlobPath blob = new BlobPath(target.container(), target.blob());
        if (exchange.query("snapshot") != null || exchange.query("versionid") != null) {
            throw new Problem.NotFound("BlobNotFound", "This server keeps no snapshots or versions.");
        }
        return switch (exchange.method()) {
            case "GET", "HEAD" -> reads.serve(exchange, grant, blob);
            case "PUT" ->
                exchange.header("x-ms-copy-source") != null
                        ? copies.serve(exchange, grant, blob)
                        : writes.put(exchange, grant, blob);
            case "DELETE" -> writes.delete(exchange, grant, blob);
            default -> throw unknown(exchange);
        };
    }

    /// Readers that know an account only as a host (`azureml-dataprep-rslex`) take the account's part of our path for
    /// the container, and the container for a folder in it: `/{account}.blob.{suffix}?restype=container&comp=list`
    /// with `prefix=container/…`. Azure has no such request, so it can be understood without hiding another.
    ///
    /// @return the container that the prefix starts with; null for every other request
    private static @Nullable String across(Exchange exchange, Target target) {
        String prefix = exchange.query("prefix", "");
        int slash = prefix.indexOf('/');
        return target.container() == null
                        && slash > 0
                        && exchange.query("restype", "").equals("container")
                        && exchange.query("comp", "").equals("list")
                ? prefix.substring(0, slash)
                : null;
    }

    static Problem unknown(Exchange exchange) {
        @Nullable String query = exchange.rawQuery();
        return new Problem.Unsupported(
                "NotImplemented",
                "This server does not know " + exchange.method()
                        + (query == null || exchange.query("comp") == null
                                ? ""
                                : " with comp=" + exchange.query("comp"))
                        + " at this address.");
    }
}
