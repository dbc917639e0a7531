package atelier.traces;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.traces.internal.SqlAssessments;
import atelier.traces.internal.SqlTraces;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The verbs of assessments.
public final class Assessments {
    private static final int LONGEST_NAME = 250;
    private final Database database;
    private final SqlTraces traces;
    private final SqlAssessments store;
    private final InstantSource clock;
    private final Ids ids;

    Assessments(Database database, SqlTraces traces, SqlAssessments store, InstantSource clock, Ids ids) {
        this.database = database;
        this.traces = traces;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// A wish with an id, and with what must be true of it.
    public Assessment checked(Assessment wish) {
        Keys.length(wish.name(), "assessment_name", LONGEST_NAME);
        return wish.id().isEmpty() ? withId(wish, "a-" + ids.hex()) : wish;
    }

    private static Assessment withId(Assessment one, String id) {
        return new Assessment(
                id,
                one.traceId(),
                one.kind(),
                one.name(),
                one.value(),
                one.error(),
                one.sourceType(),
                one.sourceId(),
                one.spanId(),
                one.rationale(),
                one.overrides(),
                one.valid(),
                one.metadata(),
                one.createdAt(),
                one.updatedAt());
    }

    /// Writes one. What it overrides is no longer valid.
    ///
    /// @throws Problem.NotFound when there is no such trace, or nothing to override
    public Assessment create(Workspace workspace, Assessment wish) {
        // The id is the server's: a client that chose one could write over another's.
        Assessment one = withId(checked(wish), "a-" + ids.hex());
        return database.inTransaction(handle -> {
            traces.require(handle, workspace.id(), one.traceId());
            if (one.overrides() != null
                    && !store.setValid(handle, workspace.id(), one.traceId(), one.overrides(), false)) {
                throw unknown(one.traceId(), one.overrides());
            }
            store.put(handle, workspace.id(), one);
            return one;
        });
    }

    public Assessment get(Workspace workspace, String traceId, String id) {
        return database.read(handle -> get(handle, workspace, traceId, id));
    }

    private Assessment get(Handle handle, Workspace workspace, String traceId, String id) {
        traces.require(handle, workspace.id(), traceId);
        return store.find(handle, workspace.id(), traceId, id).orElseThrow(() -> unknown(traceId, id));
    }

    private static Problem unknown(String traceId, String id) {
        return new Problem.NotFound(
                "RESOURCE_DOES_NOT_EXIST", "Assessment with ID '" + id + "' not found for trace '" + traceId + "'");
    }

    /// Changes what is said; source, span and kind stay.
    public Assessment update(Workspace workspace, String traceId, String id, Assessment.Change change) {
        if (change.name() != null) {
            Keys.length(change.name(), "assessment_name", LONGEST_NAME);
        }
        return database.inTransaction(handle -> {
            traces.lock(handle, workspace.id(), traceId);
            Assessment old = get(handle, workspace, traceId, id);
            if (change.kind() != null && change.kind() != old.kind()) {
                throw MlflowRequest.invalid("Cannot update " + change.kind().field() + " value on "
                        + (old.kind() == Assessment.Kind.EXPECTATION ? "an Expectation" : "a Feedback")
                        + " assessment.");
            }
            Map<String, String> metadata = new HashMap<>(old.metadata());
            if (change.metadata() != null) {
                metadata.putAll(change.metadata());
            }
            JsonNode value = change.value();
            Assessment changed = new Assessment(
                    id,
                    traceId,
                    old.kind(),
                    change.name() == null ? old.name() : change.name(),
                    value == null ? old.value() : value,
                    value == null ? old.error() : change.error(),
                    old.sourceType(),
                    old.sourceId(),
                    old.spanId(),
                    change.rationale() == null ? old.rationale() : change.rationale(),
                    old.overrides(),
                    change.valid() == null ? old.valid() : change.valid(),
                    metadata,
                    old.createdAt(),
                    clock.millis());
            store.put(handle, workspace.id(), changed);
            return changed;
        });
    }

    /// Deletes one; what it had overridden is valid again. Fine when there is none.
    public void delete(Workspace workspace, String traceId, String id) {
        database.useTransaction(handle -> {
            traces.require(handle, workspace.id(), traceId);
            store.find(handle, workspace.id(), traceId, id).ifPresent(one -> {
                store.delete(handle, workspace.id(), traceId, id);
                if (one.overrides() != null) {
                    store.setValid(handle, workspace.id(), traceId, one.overrides(), true);
                }
            });
        });
    }
}
