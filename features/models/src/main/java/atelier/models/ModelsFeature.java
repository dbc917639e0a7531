package atelier.models;

import atelier.datasets.DataUris;
import atelier.experiments.Runs;
import atelier.kernel.Ids;
import atelier.mlflow.MlflowRoutes;
import atelier.models.http.AzureModelRoutes;
import atelier.models.http.HistoryRoutes;
import atelier.models.http.MlflowModelRoutes;
import atelier.models.http.WebhookRoutes;
import atelier.models.internal.Flavors;
import atelier.models.internal.SqlDeployed;
import atelier.models.internal.SqlHistory;
import atelier.models.internal.SqlModels;
import atelier.models.internal.SqlVersions;
import atelier.models.internal.SqlWebhooks;
import atelier.models.internal.WebhookTargets;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.vault.Vault;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/// The models feature, wired.
///
/// @param models what other features use
/// @param registry verbs of names, tags and aliases
/// @param versions verbs of versions
/// @param imports what an import needs: writing what was elsewhere, as it was there
/// @param deployed what endpoints tell of their deployments
/// @param deliveries what webhooks are told; call it every second
/// @param connections those of webhooks, to close when the server ends
/// @param routes what the gateway mounts: MLflow's door and Azure ML's
public record ModelsFeature(
        Models models,
        Registry registry,
        Versions versions,
        OldModels imports,
        Deployed deployed,
        Deliveries deliveries,
        AutoCloseable connections,
        List<Routes> routes) {
    public static final Migrations MIGRATIONS = new Migrations("models");

    /// What webhooks need.
    ///
    /// @param hosts hosts that webhooks may be sent to although their address is not public; `any` for all
    public record Hooks(Vault vault, Collection<String> hosts) {}

    public static ModelsFeature create(
            Database database,
            Blobs blobs,
            Runs runs,
            DataUris dataUris,
            Workspaces workspaces,
            Hooks hooks,
            InstantSource clock,
            Ids ids) {
        SqlWebhooks sqlWebhooks = new SqlWebhooks(database);
        WebhookTargets targets = new WebhookTargets(hooks.hosts());
        Webhooks webhooks = new Webhooks(database, sqlWebhooks, hooks.vault(), targets, clock, ids);
        SqlModels sqlModels = new SqlModels(database);
        SqlVersions sqlVersions = new SqlVersions(database);
        SqlHistory sqlHistory = new SqlHistory(database);
        Registry registry =
                new Registry(database, new Registry.Stores(sqlModels, sqlVersions, sqlHistory), webhooks, clock, ids);
        Versions versions = new Versions(
                database,
                registry,
                new Versions.Stores(sqlModels, sqlVersions, new Flavors(blobs), webhooks),
                new Sources(dataUris, runs),
                runs,
                clock);
        MlflowRoutes mlflow = new MlflowRoutes(workspaces);
        new MlflowModelRoutes(registry, versions).mount(mlflow);
        new WebhookRoutes(webhooks).mount(mlflow);
        RegistryModels models = new RegistryModels(versions);
        Routes azure = new AzureModelRoutes(registry, versions, models, workspaces, dataUris).routes();
        Routes history = new HistoryRoutes(new History(sqlHistory), workspaces, clock).routes();
        return new ModelsFeature(
                models,
                registry,
                versions,
                new OldModels(
                        database,
                        registry,
                        versions,
                        new OldModels.Stores(sqlModels, sqlVersions, new Flavors(blobs)),
                        new Sources(dataUris, runs)),
                new DeployedModels(database, registry, new SqlDeployed(), clock),
                new Deliveries(database, sqlWebhooks, webhooks, workspaces, clock),
                targets,
                List.of(mlflow.routes(), azure, history));
    }
}
