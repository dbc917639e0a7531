package atelier.storage;

import atelier.kernel.Ids;
import atelier.storage.access.Doorkeeper;
import atelier.storage.http.BlobRoutes;
import atelier.storage.http.KeyRoutes;
import atelier.storage.internal.SqlAccountKeys;
import atelier.storage.internal.SqlBlobStore;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.web.Routes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// The storage account, put together.
public final class StorageFeature {
    /// Its schema; to be migrated before [#create].
    public static final Migrations MIGRATIONS = new Migrations("storage");

    private static final Duration STAGED_LIFE = Duration.ofDays(7);
    private final BlobStore store;
    private final Bytes bytes;
    private final ContentFiles files;
    private final BlobAccount blobs;
    private final Containers containers;
    private final BlockBlobs blocks;
    private final AccountKeys keys;
    private final Sas sas;
    private final Routes routes;

    private StorageFeature(
            Database database, BlobStore store, ContentFiles files, InstantSource clock, Ids ids, AccountKeys keys) {
        this.store = store;
        this.files = files;
        this.keys = keys;
        bytes = new Bytes(files);
        BlobWriter writer = new BlobWriter(database, store, bytes, clock, ids);
        containers = new Containers(database, store, bytes, clock, ids);
        blobs = new BlobAccount(database, store, bytes, writer, containers);
        blocks = new BlockBlobs(database, store, bytes, writer);
        sas = new Sas(keys, clock);
        routes = new BlobRoutes(this, new Doorkeeper(keys, clock), ids).routes();
    }

    /// @param files a folder of this account alone: [#sweep] deletes every file there that no blob holds
    public static StorageFeature create(Database database, ContentFiles files, InstantSource clock, Ids ids) {
        return new StorageFeature(
                database, new SqlBlobStore(database), files, clock, ids, new SqlAccountKeys(database, clock, ids));
    }

    /// For tests that make the store fail.
    static StorageFeature create(Database database, BlobStore store, ContentFiles files, InstantSource clock, Ids ids) {
        return new StorageFeature(database, store, files, clock, ids, new SqlAccountKeys(database, clock, ids));
    }

    /// The verbs for other features.
    public Blobs blobs() {
        return blobs;
    }

    /// The verbs with conditions, headers and metadata.
    public BlobAccount account() {
        return blobs;
    }

    public Containers containers() {
        return containers;
    }

    public BlockBlobs blocks() {
        return blocks;
    }

    public AccountKeys keys() {
        return keys;
    }

    public Sas sas() {
        return sas;
    }

    /// The Blob service, whose routes check credentials themselves, and the account's keys.
    public List<Routes> routes() {
        return List.of(routes, new KeyRoutes(keys).routes());
    }

    /// Housekeeping, once at each start: forgets blocks that waited seven days for their list, and frees content files
    /// that a crash left without a row. Safe beside running requests.
    ///
    /// @param started when this run of the server began; younger files are left alone
    /// @return how many files were freed
    public int sweep(Instant started) throws IOException {
        List<String> stale = store.removeBlocksStagedBefore(started.minus(STAGED_LIFE));
        bytes.free(stale);
        return stale.size() + files.sweep(started, store::holds);
    }
}
