package atelier.experiments;

import atelier.datasets.Location;
import atelier.experiments.internal.SqlPurge;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.storage.Blob;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Deletes for good what is deleted: runs, experiments and logged models, rows and artifacts, so that the disk is free
/// again. The rules are those of `mlflow gc`; beyond them, artifacts that a registered model version needs stay, and
/// the run of a job that has not ended stays. Each run or model is one transaction: a crash leaves it whole or gone,
/// and the next call goes on.
public final class Purge {
    private static final int PAGE = 1000;
    private final Database database;
    private final Blobs blobs;
    private final SqlPurge store;
    private final FilesInUse uses;
    private final BoundToRuns bound;
    private final InstantSource clock;

    Purge(Database database, Blobs blobs, SqlPurge store, FilesInUse uses, BoundToRuns bound, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.store = store;
        this.uses = uses;
        this.bound = bound;
        this.clock = clock;
    }

    /// What is to go. All lists empty: everything that is deleted.
    ///
    /// @param olderThan only what was deleted so long ago; zero for all
    /// @param experiments ids; their runs and logged models go with them
    /// @param dryRun tells what would go, and leaves it
    public record Wish(
            Duration olderThan,
            List<String> runs,
            List<String> experiments,
            List<String> loggedModels,
            boolean dryRun) {
        public Wish {
            runs = List.copyOf(runs);
            experiments = List.copyOf(experiments);
            loggedModels = List.copyOf(loggedModels);
        }

        boolean all() {
            return runs.isEmpty() && experiments.isEmpty() && loggedModels.isEmpty();
        }
    }

    /// What stayed, wholly or in part.
    ///
    /// @param id of a run, an experiment or a logged model
    public record Kept(String id, String reason) {}

    /// What went.
    ///
    /// @param files how many artifact files, and how many bytes they had
    public record Freed(
            List<String> experiments,
            List<String> runs,
            List<String> loggedModels,
            List<Kept> kept,
            long files,
            long bytes) {}

    private static final class Tally {
        private final List<String> experiments = new ArrayList<>();
        private final List<String> runs = new ArrayList<>();
        private final List<String> models = new ArrayList<>();
        private final List<Kept> kept = new ArrayList<>();
        private long files;
        private long bytes;
    }

    /// @throws Problem when an id that was named is unknown, not deleted, or not so old; then nothing went
    public Freed purge(Workspace workspace, Wish wish) {
        long before = clock.millis() - wish.olderThan().toMillis();
        String scope = workspace.id();
        List<SqlPurge.Doomed> experiments = named(
                wish.all() ? null : wish.experiments(), store.experiments(scope), before, "Experiment", "experiments");
        Set<SqlPurge.Doomed> runs =
                new LinkedHashSet<>(named(wish.all() ? null : wish.runs(), store.runs(scope), before, "Run", "runs"));
        Set<SqlPurge.Doomed> models = new LinkedHashSet<>(named(
                wish.all() ? null : wish.loggedModels(), store.models(scope), before, "Logged model", "logged models"));
        for (SqlPurge.Doomed experiment : experiments) {
            runs.addAll(store.runsOf(scope, experiment.id()));
            models.addAll(store.modelsOf(scope, experiment.id()));
        }
        Tally tally = new Tally();
        runs.forEach(run -> run(workspace, run, wish.dryRun(), tally));
        models.forEach(model -> model(workspace, model, wish.dryRun(), tally));
        experiments.forEach(experiment -> experiment(workspace, experiment, wish.dryRun(), tally));
        return new Freed(tally.experiments, tally.runs, tally.models, tally.kept, tally.files, tally.bytes);
    }

    /// @param ids null for all that are old enough
    private static List<SqlPurge.Doomed> named(
            @Nullable List<String> ids, List<SqlPurge.Doomed> all, long before, String what, String plural) {
        if (ids == null) {
            return all.stream()
                    .filter(one -> one.deleted() && one.deletedAt() <= before)
                    .toList();
        }
        List<SqlPurge.Doomed> found = new ArrayList<>();
        for (String id : ids) {
            SqlPurge.Doomed one = all.stream()
                    .filter(known -> known.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new Problem.NotFound(
                            "RESOURCE_DOES_NOT_EXIST", what + " " + id + " not found, so it cannot be deleted."));
            if (!one.deleted()) {
                throw MlflowRequest.invalid(what + " " + id + " is not in `deleted` lifecycle stage. Only " + plural
                        + " in `deleted` lifecycle stage can be deleted.");
            }
            if (one.deletedAt() > before) {
                throw MlflowRequest.invalid(what + " " + id + " is not older than the required age. Only " + plural
                        + " older than the age given by 'olderThan' can be deleted.");
            }
            found.add(one);
        }
        return found;
    }

    private void run(Workspace workspace, SqlPurge.Doomed run, boolean dry, Tally tally) {
        if (run.busy()) {
            tally.kept.add(new Kept(run.id(), "its job has not ended"));
            return;
        }
        files(workspace, run.id(), ArtifactPaths.run(workspace, run.id()), dry, tally, () -> {
            boolean gone = dry || store.deleteRun(workspace.id(), run.id());
            if (gone) {
                tally.runs.add(run.id());
            }
            if (gone && !dry) {
                bound.forgetRun(workspace, run.id());
            }
            return gone;
        });
    }

    private void model(Workspace workspace, SqlPurge.Doomed model, boolean dry, Tally tally) {
        files(workspace, model.id(), ArtifactPaths.model(workspace, model.id()), dry, tally, () -> {
            boolean gone = dry || store.deleteModel(workspace.id(), model.id());
            if (gone) {
                tally.models.add(model.id());
            }
            return gone;
        });
    }

    private void experiment(Workspace workspace, SqlPurge.Doomed experiment, boolean dry, Tally tally) {
        if (experiment.id().equals("0")) {
            tally.kept.add(new Kept("0", "the default experiment always is"));
        } else if (dry || deleteExperiment(workspace, experiment.id())) {
            tally.experiments.add(experiment.id());
        } else {
            tally.kept.add(new Kept(experiment.id(), "something of it stays"));
        }
    }

    private boolean deleteExperiment(Workspace workspace, String id) {
        return database.inTransaction(_ -> {
            boolean gone = store.deleteExperiment(workspace.id(), id);
            if (gone) {
                bound.forgetExperiment(workspace, Long.parseLong(id));
            }
            return gone;
        });
    }

    /// Whether rows went.
    @FunctionalInterface
    private interface Rows {
        boolean delete();
    }

    /// Rows first, in the same transaction as the files: what was brought back meanwhile keeps both.
    private void files(Workspace workspace, String id, Location folder, boolean dry, Tally tally, Rows rows) {
        List<FilesInUse.Use> needed = uses.below(workspace, folder);
        database.useTransaction(_ -> {
            if (!rows.delete()) {
                return;
            }
            String prefix = folder.path() + "/";
            blobs.ensureContainer(folder.container());
            List<Blob> stay = new ArrayList<>();
            String marker = null;
            do {
                Page<Blob> page = blobs.list(folder.container(), prefix, marker, PAGE);
                for (Blob blob : page.items()) {
                    if (needed.stream().anyMatch(use -> use.holds(place(blob)))) {
                        stay.add(blob);
                        continue;
                    }
                    tally.files++;
                    tally.bytes += blob.size();
                    if (!dry && !needed.isEmpty()) {
                        blobs.delete(blob.path());
                    }
                }
                marker = page.next();
            } while (marker != null);
            if (!dry && needed.isEmpty()) {
                blobs.deletePrefix(folder.container(), prefix);
            }
            if (!stay.isEmpty()) {
                tally.kept.add(new Kept(
                        id,
                        stay.size() + " files stay: they belong to "
                                + String.join(
                                        ", ",
                                        needed.stream().map(FilesInUse.Use::by).toList())));
            }
        });
    }

    private static Location place(Blob blob) {
        return new Location(blob.path().container(), blob.path().name());
    }
}
