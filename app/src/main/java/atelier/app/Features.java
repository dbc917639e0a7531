package atelier.app;

import atelier.assets.AssetsFeature;
import atelier.batch.BatchFeature;
import atelier.compute.ComputeFeature;
import atelier.connections.ConnectionsFeature;
import atelier.datasets.DatasetsFeature;
import atelier.endpoints.EndpointsFeature;
import atelier.environments.EnvironmentsFeature;
import atelier.experiments.ExperimentsFeature;
import atelier.gateway.CloudRoutes;
import atelier.identity.IdentityFeature;
import atelier.imports.ImportsFeature;
import atelier.insights.InsightsFeature;
import atelier.jobs.JobsFeature;
import atelier.jobs.UploadGrants;
import atelier.kernel.Ids;
import atelier.models.Deliveries;
import atelier.models.ModelsFeature;
import atelier.pipelines.PipelinesFeature;
import atelier.registries.RegistriesFeature;
import atelier.schedules.SchedulesFeature;
import atelier.storage.Sas;
import atelier.storage.StorageFeature;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.sweeps.SweepsFeature;
import atelier.traces.TracesFeature;
import atelier.vault.VaultFeature;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All features, wired by their constructors, in the order of their dependencies.
final class Features implements AutoCloseable {
    /// Schemas, in the order in which they are brought up to date.
    static final List<String> SCHEMAS = List.of(
            "workspace",
            "vault",
            "connections",
            "assets",
            "storage",
            "datasets",
            "experiments",
            "traces",
            "models",
            "imports",
            "compute",
            "jobs",
            "pipelines",
            "schedules",
            "insights",
            "endpoints",
            "batch");

    private static final Logger LOG = LoggerFactory.getLogger(Features.class);
    private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
    private static final Duration UPLOAD_LIFE = Duration.ofHours(24);
    private final Opened opened = new Opened();
    private final List<Routes> routes = new ArrayList<>();
    private final StorageFeature storage;
    private final JobsFeature jobs;
    private final SchedulesFeature schedules;
    private final EndpointsFeature endpoints;
    private final BatchFeature batch;
    private final Workspace main;
    private final Instant startedAt;

    Features(
            DataFolder folder,
            Database database,
            IdentityFeature identity,
            ServerAddress address,
            List<String> webhookHosts,
            Clock clock,
            Ids ids)
            throws IOException {
        startedAt = clock.instant();
        WorkspaceFeature workspace = WorkspaceFeature.create(database, clock, ids, Platform.VERSION);
        var workspaces = workspace.workspaces();
        main = workspaces.ensure(SUBSCRIPTION, "atelier", "main", "local");
        var assets = AssetsFeature.create(database, workspaces, clock).assets();

        var vault = VaultFeature.create(database, identity.secret().get("vault.key"), clock, ids)
                .vault();
        ConnectionsFeature connections = ConnectionsFeature.create(database, vault, workspaces, clock);

        storage = StorageFeature.create(database, new ContentFiles(folder.path("content"), ids), clock, ids);
        var blobs = storage.blobs();
        DatasetsFeature datasets = DatasetsFeature.create(
                database,
                new DatasetsFeature.Collaborators(
                        workspaces,
                        assets,
                        blobs,
                        (container, life) -> storage.sas().forContainer(container, Sas.ALL, life),
                        identity.secret().get("datastores.key"),
                        folder.path("aliases.yaml")),
                folder.path("tmp/tables"),
                CloudRoutes.STORAGE_SUFFIX,
                clock);
        EnvironmentsFeature environments = opened.add(EnvironmentsFeature.create(
                folder.path(""), System.getenv(), assets, workspaces, new ContextFiles(datasets.uris(), blobs), clock));
        ExperimentsFeature experiments = ExperimentsFeature.create(database, blobs, workspaces, clock, ids);
        TracesFeature traces = TracesFeature.create(database, blobs, experiments, workspaces, clock, ids);
        ModelsFeature registry = ModelsFeature.create(
                database,
                blobs,
                experiments.runs(),
                datasets.uris(),
                workspaces,
                new ModelsFeature.Hooks(vault, webhookHosts),
                clock,
                ids);
        opened.add(registry.connections());
        var models = registry.models();
        ComputeFeature compute = ComputeFeature.create(
                database,
                workspaces,
                workspace.operations(),
                clock,
                Runtime.getRuntime().availableProcessors());
        Seconds seconds = opened.add(new Seconds());
        seconds.everySecond(() -> deliver(registry.deliveries()));
        InsightsFeature insights = InsightsFeature.create(database, clock, seconds, InsightsFeature.KEEP);
        opened.add(insights.log());
        jobs = opened.add(JobsFeature.create(
                new JobsFeature.Machine(database, folder.path("jobs"), clock, ids),
                new JobsFeature.Features(
                        workspaces,
                        assets,
                        blobs,
                        datasets.uris(),
                        environments.environments(),
                        experiments.runs(),
                        models,
                        compute),
                new JobsFeature.Access(identity.tokens(), identity.links(), address, this::grant)));
        SweepsFeature sweeps = SweepsFeature.create(
                clock,
                SweepsFeature.WATCH,
                jobs,
                new SweepsFeature.Features(workspaces, blobs, datasets.uris(), experiments.runs()));
        PipelinesFeature pipelines = PipelinesFeature.create(
                database,
                clock,
                jobs,
                new PipelinesFeature.Features(
                        workspaces,
                        assets,
                        blobs,
                        datasets.uris(),
                        environments.environments(),
                        compute.computes(),
                        models));
        batch = BatchFeature.create(
                new BatchFeature.Machine(
                        database,
                        folder.path("batch"),
                        clock,
                        ids,
                        Runtime.getRuntime().availableProcessors()),
                jobs,
                new BatchFeature.Features(
                        workspaces,
                        workspace.operations(),
                        assets,
                        models,
                        registry.deployed(),
                        environments.environments(),
                        compute.computes(),
                        datasets.uris(),
                        blobs));
        schedules =
                opened.add(SchedulesFeature.create(database, workspaces, workspace.operations(), jobs.jobs(), clock));
        endpoints = opened.add(EndpointsFeature.create(
                database,
                new EndpointsFeature.Platform(
                        workspaces,
                        workspace.operations(),
                        identity.tokens(),
                        insights.requests(),
                        compute.processes()),
                new EndpointsFeature.Sources(
                        models, registry.deployed(), environments.environments(), assets, datasets.uris(), blobs),
                new EndpointsFeature.Folders(folder.path("deployments"), folder.path("serving")),
                clock,
                ids));
        WorkspaceEnds ends = new WorkspaceEnds(
                storage,
                jobs.jobs(),
                endpoints.endpoints(),
                compute.computes(),
                experiments,
                new WorkspaceEnds.Places(assets, datasets.uris(), registry.versions()));
        workspace.resources().connect(ends);
        // An orderly end stops the model servers too; after a crash they go on and are found again.
        opened.add(endpoints::stopProcesses);

        routes.addAll(identity.routes());
        routes.addAll(workspace.routes());
        routes.addAll(connections.routes());
        routes.add(AssetsFeature.validation(workspaces));
        routes.addAll(storage.routes());
        routes.addAll(datasets.routes());
        routes.addAll(environments.routes());
        routes.addAll(experiments.routes());
        routes.add(experiments.multipartRoutes(storage.blocks(), storage.sas(), workspaces, ids));
        routes.add(ExperimentsFeature.purgeRoutes(
                experiments.purge(registry.versions()::filesBelow, traces.traces()), workspaces));
        routes.addAll(traces.routes());
        routes.addAll(registry.routes());
        routes.add(ImportsFeature.routes(database, experiments.imports(), registry.imports(), workspaces, clock));
        routes.addAll(compute.routes());
        routes.addAll(insights.routes());
        routes.addAll(jobs.routes());
        routes.addAll(sweeps.routes());
        routes.addAll(pipelines.routes());
        routes.addAll(schedules.routes());
        routes.addAll(endpoints.routes());
        routes.addAll(batch.routes());
        RegistriesFeature registries = RegistriesFeature.create(
                new RegistriesFeature.Collaborators(
                        workspace.store(), workspaces, ends, workspace.operations(), assets),
                new RegistryUploads(storage, datasets.uris(), main),
                new RegistryFiles(storage, datasets.uris(), assets, registry),
                main,
                routes,
                clock);
        routes.addAll(registries.routes());
    }

    List<Routes> routes() {
        return List.copyOf(routes);
    }

    Workspace main() {
        return main;
    }

    /// Takes up what an earlier run of the server left; called when the server answers.
    void resume() {
        Thread.ofVirtual().name("sweep").start(this::sweep);
        batch.resume();
        jobs.recover();
        endpoints.resume();
        schedules.start();
    }

    @Override
    public void close() {
        opened.close();
    }

    /// A broken second must not stop the next.
    private static void deliver(Deliveries deliveries) {
        try {
            deliveries.sendDue(
                    task -> Thread.ofVirtual().name("webhook-delivery").start(task));
        } catch (RuntimeException e) {
            LOG.warn("Webhooks could not be served; tried again in a second", e);
        }
    }

    private void sweep() {
        try {
            int freed = storage.sweep(startedAt);
            if (freed > 0) {
                LOG.info("Freed {} content files that no blob holds", freed);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Unused content could not be freed; the next start tries again", e);
        }
    }

    private UploadGrants.Grant grant(String container, String baseUrl) {
        storage.containers().ensure(container);
        String address = storage.sas().containerUrl(baseUrl, container, Sas.ALL, UPLOAD_LIFE);
        return new UploadGrants.Grant(address.substring(0, address.indexOf('?')), address);
    }
}
