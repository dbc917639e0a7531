package atelier.datasets;

import atelier.assets.Asset;
import atelier.assets.Assets;
import atelier.datasets.internal.TableFiles;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Data assets as tables: a profile (computed once for the same bytes, then remembered) and pages of rows.
public final class Tables {
    /// Most rows of one page.
    public static final int MAX_PAGE = 1000;

    private final Assets assets;
    private final DataUris uris;
    private final TableFiles files;
    private final TableEngine engine;
    private final ProfileStore store;
    private final ConcurrentHashMap<String, ReentrantLock> computing = new ConcurrentHashMap<>();

    Tables(Assets assets, DataUris uris, TableFiles files, TableEngine engine, ProfileStore store) {
        this.assets = assets;
        this.uris = uris;
        this.files = files;
        this.engine = engine;
        this.store = store;
    }

    /// @throws Problem.Invalid `NotATable`, saying why
    /// @throws Problem.NotFound when the asset or its file is not there
    public Profile profile(Workspace workspace, String name, String version) {
        TableEngine.Source source = source(workspace, name, version);
        return store.find(source.key()).orElseGet(() -> compute(source));
    }

    /// Rows from `offset`, at most `limit` ([#MAX_PAGE] at most).
    public Preview preview(Workspace workspace, String name, String version, long offset, int limit) {
        if (offset < 0) {
            throw new Problem.Invalid("'offset' must not be negative.", "offset");
        }
        return engine.preview(source(workspace, name, version), offset, Math.clamp(limit, 1, MAX_PAGE));
    }

    /// Callers that ask for the same table at once share one computation.
    private Profile compute(TableEngine.Source source) {
        ReentrantLock lock = computing.computeIfAbsent(source.key(), _ -> new ReentrantLock());
        lock.lock();
        try {
            return store.find(source.key()).orElseGet(() -> {
                Profile profile = engine.profile(source);
                store.put(source.key(), profile);
                return profile;
            });
        } finally {
            lock.unlock();
            computing.remove(source.key(), lock);
        }
    }

    private TableEngine.Source source(Workspace workspace, String name, String version) {
        Asset asset =
                assets.resolve(workspace, "data", version.equals("latest") ? name + "@latest" : name + ":" + version);
        Location location =
                uris.resolve(workspace, asset.properties().path("dataUri").asString(""));
        return files.of(workspace, name + ":" + asset.version(), location);
    }
}
