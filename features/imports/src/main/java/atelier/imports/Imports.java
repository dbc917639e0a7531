package atelier.imports;

import atelier.experiments.LoggedModel;
import atelier.experiments.Metric;
import atelier.experiments.TakenIn;
import atelier.imports.internal.SqlImports;
import atelier.imports.internal.SqlImports.Known;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The verbs of an import. A run or logged model comes whole or not at all, once, and what is here already is never
/// changed: it is the same one when its fingerprint, which the reader reckons from what it found there, is the same.
public final class Imports {
    public static final String RUN = "run";
    public static final String MODEL = "model";
    private static final Duration FORGOTTEN = Duration.ofDays(7);
    private final Database database;
    private final SqlImports store;
    private final TakenIn taken;
    private final InstantSource clock;

    Imports(Database database, SqlImports store, TakenIn taken, InstantSource clock) {
        this.database = database;
        this.store = store;
        this.taken = taken;
        this.clock = clock;
    }

    /// What is here of something that could come.
    public enum State {
        NEW,
        /// Here since an earlier import; its files are too.
        PRESENT,
        /// Here since an earlier import that did not say that its files came.
        FILES_MISSING,
        /// Here since an earlier import, but it was another one then.
        DIFFERS,
        /// One of this id is here that no import took.
        FOREIGN
    }

    /// @param id of a run or logged model
    public record Asked(String kind, String id, String fingerprint) {}

    /// One run or logged model that comes.
    ///
    /// @param points of the run, in the order in which they were logged, after those that came before
    public record NewRun(TakenIn.OldRun run, String fingerprint, List<Metric> points) {
        public NewRun {
            points = List.copyOf(points);
        }
    }

    public record NewModel(LoggedModel model, boolean deleted, String fingerprint) {}

    /// The state of each, in the order in which they were asked for.
    public List<State> states(Workspace workspace, List<Asked> asked) {
        return database.read(handle -> {
            List<State> states = new ArrayList<>(asked.size());
            for (Asked each : asked) {
                states.add(state(workspace, each, store.find(handle, workspace.id(), each.kind(), each.id())));
            }
            return states;
        });
    }

    private State state(Workspace workspace, Asked asked, Optional<Known> known) {
        boolean here =
                asked.kind().equals(RUN) ? taken.hasRun(workspace, asked.id()) : taken.hasModel(workspace, asked.id());
        if (!here) {
            return State.NEW;
        }
        if (known.isEmpty() || !known.get().done()) {
            return State.FOREIGN;
        }
        return !known.get().fingerprint().equals(asked.fingerprint())
                ? State.DIFFERS
                : known.get().files() ? State.PRESENT : State.FILES_MISSING;
    }

    public TakenIn.Made experiment(Workspace workspace, TakenIn.OldExperiment old) {
        return taken.experiment(workspace, old);
    }

    /// Keeps points of a run that has too many for one call. Nobody sees them before the run came.
    ///
    /// @param from how many came before; 0 begins anew
    /// @return how many came now and before
    /// @throws Problem.Conflict when others came before
    public long points(Workspace workspace, String runId, String fingerprint, long from, List<Metric> points) {
        return database.inTransaction(handle -> {
            long now = clock.millis();
            if (taken.hasRun(workspace, runId)) {
                throw new Problem.AlreadyExists("ResourceExists", "Run '" + runId + "' is here already.");
            }
            Optional<Known> known = store.find(handle, workspace.id(), RUN, runId);
            if (from == 0) {
                known.filter(k -> !k.done()).ifPresent(k -> taken.forgetPoints(k.number()));
                for (Known old : store.forgotten(
                        handle, workspace.id(), clock.instant().minus(FORGOTTEN).toEpochMilli())) {
                    taken.forgetPoints(old.number());
                    store.delete(handle, workspace.id(), RUN, old.id());
                }
                known = Optional.of(new Known(runId, fingerprint, taken.nextNumber(), 0, false, false));
            }
            Known at = known.filter(k ->
                            !k.done() && k.points() == from && k.fingerprint().equals(fingerprint))
                    .orElseThrow(() -> new Problem.Conflict(
                            "PointsLost",
                            "The points of run '" + runId + "' do not go on at " + from + "; begin at 0."));
            taken.points(at.number(), points);
            long all = from + points.size();
            store.put(handle, workspace.id(), RUN, new Known(runId, fingerprint, at.number(), all, false, false), now);
            return all;
        });
    }

    /// All of them in one transaction.
    ///
    /// @param before by run: how many points came before by [#points]
    public List<State> runs(Workspace workspace, List<NewRun> runs, List<Long> before) {
        return database.inTransaction(handle -> {
            List<State> states = new ArrayList<>();
            for (int i = 0; i < runs.size(); i++) {
                NewRun each = runs.get(i);
                String id = each.run().runId();
                Optional<Known> known = store.find(handle, workspace.id(), RUN, id);
                State state = state(workspace, new Asked(RUN, id, each.fingerprint()), known);
                states.add(state);
                if (state != State.NEW) {
                    continue;
                }
                long number;
                if (before.get(i) > 0) {
                    long expected = before.get(i);
                    number = known.filter(k -> !k.done() && k.points() == expected)
                            .orElseThrow(() -> new Problem.Conflict(
                                    "PointsLost", "The points of run '" + id + "' are not all here; begin at 0."))
                            .number();
                } else {
                    known.filter(k -> !k.done()).ifPresent(k -> taken.forgetPoints(k.number()));
                    number = taken.nextNumber();
                }
                taken.points(number, each.points());
                if (!taken.run(workspace, number, each.run())) {
                    throw new Problem.AlreadyExists("ResourceExists", "Run '" + id + "' is here already.");
                }
                store.put(
                        handle,
                        workspace.id(),
                        RUN,
                        new Known(id, each.fingerprint(), number, before.get(i), true, false),
                        clock.millis());
            }
            return states;
        });
    }

    /// All of them in one transaction.
    public List<State> models(Workspace workspace, List<NewModel> models) {
        return database.inTransaction(handle -> {
            List<State> states = new ArrayList<>();
            for (NewModel each : models) {
                String id = each.model().modelId();
                State state = state(
                        workspace,
                        new Asked(MODEL, id, each.fingerprint()),
                        store.find(handle, workspace.id(), MODEL, id));
                states.add(state);
                if (state == State.NEW && taken.model(workspace, each.model(), each.deleted())) {
                    store.put(
                            handle,
                            workspace.id(),
                            MODEL,
                            new Known(id, each.fingerprint(), 0, 0, true, false),
                            clock.millis());
                }
            }
            return states;
        });
    }

    /// Notes that all files of something that came are here.
    public void filesCame(Workspace workspace, String kind, List<String> ids) {
        database.useTransaction(handle -> {
            for (String id : ids) {
                if (!store.filesCame(handle, workspace.id(), kind, id)) {
                    throw new Problem.NotFound("No import took " + kind + " '" + id + "'.");
                }
            }
        });
    }
}
