package atelier.traces;

import atelier.experiments.Experiments;
import atelier.kernel.Ids;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.Filter;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.PageToken;
import atelier.store.Database;
import atelier.traces.internal.SqlIssues;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The verbs of issues.
public final class Issues {
    private static final List<String> STATUSES = List.of("pending", "rejected", "resolved");
    private static final List<String> SEVERITIES = List.of("not_an_issue", "low", "medium", "high");
    private static final int LONGEST_NAME = 250;
    private final Database database;
    private final Experiments experiments;
    private final SqlIssues store;
    private final InstantSource clock;
    private final Ids ids;

    Issues(Database database, Experiments experiments, SqlIssues store, InstantSource clock, Ids ids) {
        this.database = database;
        this.experiments = experiments;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// @param wish without id and times
    public Issue create(Workspace workspace, Issue wish) {
        check(wish.name(), wish.status(), wish.severity());
        if (!experiments.get(workspace, Long.toString(wish.experiment())).active()) {
            throw MlflowRequest.invalid("The experiment " + wish.experiment() + " must be in the 'active' state.");
        }
        long now = clock.millis();
        Issue made = new Issue(
                "iss-" + ids.hex(),
                wish.experiment(),
                wish.name(),
                wish.description(),
                wish.status(),
                wish.severity(),
                wish.rootCauses(),
                wish.categories(),
                wish.sourceRunId(),
                wish.createdBy(),
                now,
                now);
        database.useTransaction(handle -> store.put(handle, workspace.id(), made));
        return made;
    }

    private static void check(@Nullable String name, @Nullable String status, @Nullable String severity) {
        if (name != null) {
            Keys.length(name, "name", LONGEST_NAME);
        }
        if (status != null && !STATUSES.contains(status)) {
            throw MlflowRequest.invalid(
                    "Invalid value '" + status + "' for parameter 'status' supplied: it is one of " + STATUSES + ".");
        }
        if (severity != null && !SEVERITIES.contains(severity)) {
            throw MlflowRequest.invalid("Invalid value '" + severity
                    + "' for parameter 'severity' supplied: it is one of " + SEVERITIES + ".");
        }
    }

    /// @throws Problem.NotFound when there is no such issue
    public Issue get(Workspace workspace, String id) {
        return database.read(handle -> store.find(handle, workspace.id(), id)).orElseThrow(() -> unknown(id));
    }

    private static Problem unknown(String id) {
        return new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "Issue with ID '" + id + "' not found");
    }

    public Issue update(Workspace workspace, String id, Issue.Change change) {
        check(change.name(), change.status(), change.severity());
        return database.inTransaction(handle -> {
            store.lock(handle, workspace.id(), id);
            Issue old = store.find(handle, workspace.id(), id).orElseThrow(() -> unknown(id));
            Issue changed = new Issue(
                    id,
                    old.experiment(),
                    change.name() == null ? old.name() : change.name(),
                    change.description() == null ? old.description() : change.description(),
                    change.status() == null ? old.status() : change.status(),
                    change.severity() == null ? old.severity() : change.severity(),
                    old.rootCauses(),
                    old.categories(),
                    old.sourceRunId(),
                    old.createdBy(),
                    old.createdAt(),
                    clock.millis());
            store.put(handle, workspace.id(), changed);
            return changed;
        });
    }

    /// One page: the most severe first, then the newest.
    ///
    /// @param experiment null for all
    /// @param filter `status = 'pending' AND source_run_id != 'x'`
    public Page<Issue> search(
            Workspace workspace, @Nullable Long experiment, @Nullable String filter, int max, @Nullable String token) {
        int offset = PageToken.offset(token);
        List<Issue> found = database.read(handle -> store.search(
                handle,
                workspace.id(),
                experiment,
                SqlIssues.VOCABULARY.terms(Filter.parse(filter)),
                SEVERITIES,
                max,
                offset));
        return found.size() > max ? new Page<>(found.subList(0, max), PageToken.of(offset + max)) : Page.last(found);
    }

    /// How many traces each of some issues was seen in.
    public Map<String, Long> traces(Workspace workspace, List<String> issueIds) {
        return database.read(handle -> store.traces(handle, workspace.id(), issueIds));
    }
}
