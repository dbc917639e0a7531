package atelier.app;

import atelier.assets.Assets;
import atelier.compute.Computes;
import atelier.datasets.DataUris;
import atelier.datasets.Datastores;
import atelier.endpoints.Endpoints;
import atelier.experiments.ExperimentsFeature;
import atelier.jobs.Jobs;
import atelier.kernel.Caller;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.models.Versions;
import atelier.storage.Conditions;
import atelier.storage.StorageFeature;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What ends with a workspace, over all features. Azure's rule: deleting takes computes and endpoints and ends jobs;
/// purging
/// takes everything.
final class WorkspaceEnds implements WorkspaceParts {
    private static final Jobs.Filter ALL = new Jobs.Filter(null, null, null, null);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final StorageFeature storage;
    private final Jobs jobs;
    private final Endpoints endpoints;
    private final Computes computes;
    private final ExperimentsFeature experiments;
    private final Assets assets;
    private final DataUris uris;
    private final Versions versions;

    WorkspaceEnds(
            StorageFeature storage,
            Jobs jobs,
            Endpoints endpoints,
            Computes computes,
            ExperimentsFeature experiments,
            Places places) {
        this.storage = storage;
        this.jobs = jobs;
        this.endpoints = endpoints;
        this.computes = computes;
        this.experiments = experiments;
        this.assets = places.assets();
        this.uris = places.uris();
        this.versions = places.versions();
    }

    /// Where the bytes of assets are.
    record Places(Assets assets, DataUris uris, Versions versions) {}

    @Override
    public void closing(Workspace workspace) {
        each(workspace, job -> {
            if (!job.isFinal()) {
                jobs.cancel(workspace, job.name(), Caller.SYSTEM);
            }
        });
        endpoints.list(workspace).forEach(endpoint -> endpoints.delete(workspace, endpoint.name(), Caller.SYSTEM));
        computes.list(workspace).forEach(compute -> computes.delete(workspace, compute.name()));
    }

    @Override
    public void purging(Workspace workspace) {
        awaitEnds(workspace);
        experiments.forget(workspace);
        for (String container : containers(workspace)) {
            try {
                storage.containers().delete(container, Conditions.NONE);
            } catch (Problem.NotFound _) {
                // Never used, or freed by a purge that a crash cut short.
            }
        }
    }

    @Override
    public String storageKey() {
        return storage.keys().list().getFirst().value();
    }

    /// The workspace's own containers, and those of its code snapshots. Containers that a user named in a datastore may
    /// be
    /// shared with other workspaces and stay.
    private Set<String> containers(Workspace workspace) {
        Set<String> own = new LinkedHashSet<>(Datastores.ownContainers(workspace));
        List<String> addresses = new ArrayList<>();
        assets.all(workspace, "codes")
                .forEach(code -> addresses.add(code.properties().path("codeUri").asString("")));
        if (workspace.registry().isPresent()) {
            // A registry keeps the files of its models and data in containers of the same kind.
            assets.all(workspace, "data")
                    .forEach(data ->
                            addresses.add(data.properties().path("dataUri").asString("")));
            versions.all(workspace).forEach(model -> addresses.add(model.source()));
        }
        for (String address : addresses) {
            String container = address.isEmpty() ? "" : container(workspace, address);
            if (container.startsWith("code-")) {
                own.add(container);
            }
        }
        return own;
    }

    private String container(Workspace workspace, String address) {
        try {
            return uris.resolve(workspace, address).container();
        } catch (Problem _) {
            // An address outside this account has no bytes here.
            return "";
        }
    }

    /// Jobs that were asked to end need a moment; a purge does not pull files from under them.
    private void awaitEnds(Workspace workspace) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (running(workspace)) {
            if (System.nanoTime() > limit) {
                throw new Problem.Conflict(
                        "WorkspaceInUse",
                        "Jobs of workspace '" + workspace.name() + "' have not ended yet; purge it again in a moment.");
            }
            try {
                Thread.sleep(Duration.ofMillis(100));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem.Conflict("WorkspaceInUse", "The server is ending; purge the workspace again.");
            }
        }
    }

    private boolean running(Workspace workspace) {
        boolean[] any = new boolean[1];
        each(workspace, job -> any[0] |= !job.isFinal());
        return any[0];
    }

    private void each(Workspace workspace, Consumer<Jobs.Job> action) {
        String marker = null;
        do {
            Page<Jobs.Job> page = jobs.list(workspace, ALL, marker, 200);
            List.copyOf(page.items()).forEach(action);
            marker = page.next();
        } while (marker != null);
    }
}
