package atelier.datasets;

import atelier.assets.Assets;
import atelier.assets.AssetsFeature;
import atelier.datasets.http.DataDoor;
import atelier.datasets.http.DataPlaneRoutes;
import atelier.datasets.http.DatastoreRoutes;
import atelier.datasets.http.TableRoutes;
import atelier.datasets.internal.AddressResolver;
import atelier.datasets.internal.AesSecrets;
import atelier.datasets.internal.Aliases;
import atelier.datasets.internal.DuckTables;
import atelier.datasets.internal.SqlDatastoreStore;
import atelier.datasets.internal.SqlProfileStore;
import atelier.datasets.internal.TableFiles;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The datasets feature, wired.
///
/// @param routes what the gateway mounts
public record DatasetsFeature(Datastores datastores, DataUris uris, Tables tables, List<Routes> routes) {
    /// What datasets take from other features.
    ///
    /// @param sas signs what `listSecrets` answers
    /// @param secret of the installation, from which the key of the kept credentials is made
    /// @param aliases the file `aliases.yaml`; it need not be there
    public record Collaborators(
            Workspaces workspaces, Assets assets, Blobs blobs, SasTokens sas, String secret, Path aliases) {}

    /// @param scratch folder for cached tables; emptied at start
    /// @param endpointSuffix storage suffix of the cloud metadata
    /// @throws IOException when `scratch` cannot be made
    public static DatasetsFeature create(
            Database database, Collaborators with, Path scratch, String endpointSuffix, InstantSource clock)
            throws IOException {
        return create(database, with, new Scratch(scratch, Scratch.CACHE_BYTES), endpointSuffix, clock);
    }

    /// @param cacheBytes how much cached tables may take
    public record Scratch(Path folder, long cacheBytes) {
        /// Two gigabytes.
        public static final long CACHE_BYTES = 2L << 30;
    }

    static DatasetsFeature create(
            Database database, Collaborators with, Scratch scratch, String endpointSuffix, InstantSource clock)
            throws IOException {
        Datastores datastores = new Datastores(
                new SqlDatastoreStore(database),
                with.blobs(),
                new Datastores.Access(with.sas(), new AesSecrets(with.secret())),
                clock);
        AddressResolver uris = new AddressResolver(
                datastores,
                with.assets(),
                with.workspaces(),
                datastores::ensureContainer,
                new AddressResolver.Outside(new Aliases(with.aliases()), with.blobs()));
        Tables tables = new Tables(
                with.assets(),
                uris,
                new TableFiles(with.blobs(), uris),
                new DuckTables(with.blobs(), scratch.folder(), scratch.cacheBytes(), clock),
                new SqlProfileStore(database, clock));
        return new DatasetsFeature(
                datastores,
                uris,
                tables,
                List.of(
                        new DatastoreRoutes(datastores, with.workspaces(), endpointSuffix).routes(),
                        AssetsFeature.routes(with.assets(), with.workspaces(), new DataDoor(uris)),
                        new DataPlaneRoutes(with.assets(), uris, with.workspaces()).routes(),
                        new TableRoutes(tables, with.workspaces()).routes()));
    }
}
