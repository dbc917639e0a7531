package atelier.datasets;

import atelier.assets.AssetsFeature;
import atelier.storage.BlobPath;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/// The feature over an SQLite file and blobs in memory, with workspace `main` of group `atelier`.
public final class DatasetsFixture implements AutoCloseable {
    public final MemoryBlobs blobs = new MemoryBlobs();
    public final Database database;
    public final Workspace workspace;
    public final AssetsFeature assets;
    public final DatasetsFeature datasets;

    public DatasetsFixture(Path folder) {
        this(folder, DatasetsFeature.Scratch.CACHE_BYTES);
    }

    public DatasetsFixture(Path folder, long cacheBytes) {
        SettableClock clock = new SettableClock();
        database = TestDatabase.sqlite(folder, "workspace", "assets", "datasets");
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, new CountingIds(), "test");
        workspace = workspaces.workspaces().ensure("00000000-0000-0000-0000-000000000001", "atelier", "main", "local");
        assets = AssetsFeature.create(database, workspaces.workspaces(), clock);
        try {
            datasets = DatasetsFeature.create(
                    database,
                    new DatasetsFeature.Collaborators(
                            workspaces.workspaces(),
                            assets.assets(),
                            blobs,
                            (container, life) -> "sv=1&c=" + container + "&h=" + life.toHours(),
                            "the installation's secret",
                            folder.resolve("aliases.yaml")),
                    new DatasetsFeature.Scratch(folder.resolve("tables"), cacheBytes),
                    "core.local",
                    clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TestServer server() {
        return TestServer.of(datasets.routes().toArray(Routes[]::new));
    }

    /// Puts a file into the default datastore.
    public void file(String path, String content) {
        file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public void file(String path, byte[] content) {
        try {
            blobs.put(
                    new BlobPath(datasets.datastores().defaultOne(workspace).container(), path),
                    new ByteArrayInputStream(content),
                    null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Makes a data asset of a path in the default datastore.
    public void asset(String name, String version, String type, String path) {
        ObjectNode properties = atelier.kernel.Json.object()
                .put("dataType", type)
                .put("dataUri", "azureml://datastores/workspaceblobstore/paths/" + path);
        assets.assets().put(workspace, "data", name, version, properties, TestServer.USER);
    }

    /// Puts a file, makes version 1 of an asset of it and gives its profile.
    public Profile profileOf(String file, byte[] content) {
        file(file, content);
        asset("t", "1", "uri_file", file);
        return datasets.tables().profile(workspace, "t", "1");
    }

    public Profile profileOf(String file, String content) {
        return profileOf(file, content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        database.close();
    }
}
