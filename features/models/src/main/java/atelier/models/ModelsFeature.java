package atelier.models;

import atelier.datasets.DataUris;
import atelier.experiments.Runs;
import atelier.kernel.Ids;
import atelier.mlflow.MlflowRoutes;
import atelier.models.http.AzureModelRoutes;
import atelier.models.http.HistoryRoutes;
import atelier.models.http.MlflowModelRoutes;
import atelier.models.internal.Flavors;
import atelier.models.internal.SqlDeployed;
import atelier.models.internal.SqlHistory;
import atelier.models.internal.SqlModels;
import atelier.models.internal.SqlVersions;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// The models feature, wired.
///
/// @param models what other features use
/// @param registry verbs of names, tags and aliases
/// @param versions verbs of versions
/// @param deployed what endpoints tell of their deployments
/// @param routes what the gateway mounts: MLflow's door and Azure ML's
public record ModelsFeature(
        Models models, Registry registry, Versions versions, Deployed deployed, List<Routes> routes) {
    public static final Migrations MIGRATIONS = new Migrations("models");

    public static ModelsFeature create(
            Database database,
            Blobs blobs,
            Runs runs,
            DataUris dataUris,
            Workspaces workspaces,
            InstantSource clock,
            Ids ids) {
        SqlModels sqlModels = new SqlModels(database);
        SqlVersions sqlVersions = new SqlVersions(database);
        SqlHistory sqlHistory = new SqlHistory(database);
        Registry registry = new Registry(database, sqlModels, sqlVersions, sqlHistory, clock, ids);
        Versions versions = new Versions(
                database,
                registry,
                new Versions.Stores(sqlModels, sqlVersions, new Flavors(blobs)),
                new Sources(dataUris, runs),
                runs,
                clock);
        MlflowRoutes mlflow = new MlflowRoutes(workspaces);
        new MlflowModelRoutes(registry, versions).mount(mlflow);
        RegistryModels models = new RegistryModels(versions);
        Routes azure = new AzureModelRoutes(registry, versions, models, workspaces, dataUris).routes();
        Routes history = new HistoryRoutes(new History(sqlHistory), workspaces, clock).routes();
        return new ModelsFeature(
                models,
                registry,
                versions,
                new DeployedModels(database, registry, new SqlDeployed(), clock),
                List.of(mlflow.routes(), azure, history));
    }
}
