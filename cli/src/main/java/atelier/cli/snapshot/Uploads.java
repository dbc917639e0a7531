package atelier.cli.snapshot;

import atelier.cli.CliError;
import atelier.cli.http.Api;
import atelier.kernel.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Uploads to the workspace, step by step as azure-ai-ml does it: code to the place that `startPendingUpload` names,
/// everything else to `LocalUpload/{hash}/` of a datastore, where an upload that is already complete is not repeated.
public final class Uploads {
    private static final int AT_ONCE = 4;
    private static final String DONE = "upload_status";
    private final Api api;

    public Uploads(Api api) {
        this.api = api;
    }

    /// Registers a code snapshot; its ARM id. Unchanged code is found by its hash and not sent again.
    public String code(Path source) {
        Snapshot snapshot = Snapshot.of(source);
        String hash = snapshot.contentHash();
        String name = UUID.nameUUIDFromBytes(hash.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .toString();
        String codes = api.workspace() + "/codes/" + name + "/versions";
        JsonNode known = api.find(codes + "?hash=" + hash + "&hashVersion=202208")
                .orElse(Json.object())
                .path("value");
        if (!known.isEmpty()) {
            return known.path(0).path("id").asString("");
        }
        ObjectNode kind = Json.object();
        kind.put("pendingUploadType", "TemporaryBlobReference");
        JsonNode place = api.post(codes + "/1/startPendingUpload", kind).path("blobReferenceForConsumption");
        String[] sas = place.path("credential").path("sasUri").asString("").split("\\?", 2);
        send(new BlobFolder(api, sas[0], sas.length > 1 ? sas[1] : ""), snapshot, snapshot.name());
        ObjectNode properties = Json.object();
        properties.put("codeUri", place.path("blobUri").asString("") + "/" + snapshot.name());
        properties.put("isAnonymous", true);
        properties.putObject("properties").put("hash_sha256", hash).put("hash_version", "202208");
        return api.put(codes + "/1", Api.resource(properties)).path("id").asString("");
    }

    /// Uploads to a datastore; the path below it, with a closing slash for a folder.
    public String toDatastore(Path source, String datastore, String asset, String version) {
        Snapshot snapshot = Snapshot.of(source);
        String below = "LocalUpload/" + snapshot.objectHash() + "/" + snapshot.name();
        BlobFolder container = datastore(datastore);
        String indicator = snapshot.isFolder()
                ? below + "/"
                        + snapshot.entries().stream()
                                .map(Snapshot.Entry::name)
                                .min(java.util.Comparator.naturalOrder())
                                .orElseThrow()
                : below;
        Optional<Map<String, String>> earlier = container.metadata(indicator);
        if (earlier.isEmpty() || !"completed".equals(earlier.get().get(DONE))) {
            send(container, snapshot, below);
            container.metadata(indicator, Map.of(DONE, "completed", "name", asset, "version", version));
        }
        return snapshot.isFolder() ? below + "/" : below;
    }

    /// The container behind a datastore, with a SAS of its own.
    public BlobFolder datastore(String name) {
        String path = api.workspace() + "/datastores/" + name;
        JsonNode properties = api.find(path)
                .orElseThrow(() -> new CliError("There is no datastore '" + name + "' in this workspace."))
                .path("properties");
        String kind = properties.path("datastoreType").asString("");
        if (!kind.equals("AzureBlob")) {
            throw new CliError("The datastore '" + name + "' is of type " + kind + "; uploads need a blob datastore.");
        }
        ObjectNode wish = Json.object();
        wish.put("expirableSecret", true).put("expireAfterHours", 1);
        String sas = api.post(path + "/listSecrets", wish).path("sasToken").asString("");
        // The account may be written as `host:port/account`, so that clients reach it without a name of its own.
        String account = properties.path("accountName").asString("");
        account = account.substring(account.lastIndexOf('/') + 1);
        String container = properties.path("containerName").asString("");
        return new BlobFolder(api, api.url() + "/blob/" + account + "/" + container, sas);
    }

    private static void send(BlobFolder folder, Snapshot snapshot, String below) {
        if (snapshot.entries().size() == 1) {
            sendOne(folder, snapshot, snapshot.entries().getFirst(), below);
            return;
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            var sent = snapshot.entries().stream()
                    .map(entry -> pool.submit((Callable<Boolean>) () -> {
                        sendOne(folder, snapshot, entry, below);
                        return true;
                    }))
                    .toList();
            for (Future<Boolean> upload : sent) {
                upload.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliError("Interrupted while uploading.", e);
        }
    }

    private static void sendOne(BlobFolder folder, Snapshot snapshot, Snapshot.Entry entry, String below) {
        folder.upload(entry.file(), snapshot.isFolder() ? below + "/" + entry.name() : below);
    }
}
