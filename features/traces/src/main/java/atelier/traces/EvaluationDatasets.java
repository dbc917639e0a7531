package atelier.traces;

import atelier.experiments.Experiments;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.Filter;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.OrderBy;
import atelier.mlflow.PageToken;
import atelier.store.Database;
import atelier.traces.internal.RecordForms;
import atelier.traces.internal.SqlDatasets;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of evaluation data sets.
public final class EvaluationDatasets {
    private static final String USER = "mlflow.user";
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TAG = 5000;
    private final Database database;
    private final Experiments experiments;
    private final SqlDatasets store;
    private final InstantSource clock;
    private final Ids ids;

    EvaluationDatasets(Database database, Experiments experiments, SqlDatasets store, InstantSource clock, Ids ids) {
        this.database = database;
        this.experiments = experiments;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    public EvaluationDataset create(
            Workspace workspace, String name, Map<String, String> tags, List<String> experimentIds) {
        Keys.length(name, "name", LONGEST_NAME);
        check(tags);
        List<Long> numbers = known(workspace, experimentIds);
        long now = clock.millis();
        String id = "d-" + ids.hex();
        String user = tags.get(USER);
        EvaluationDataset made = new EvaluationDataset(
                id, name, tags, null, 0, RecordForms.digest(name, now), now, now, user, user, numbers);
        database.useTransaction(handle -> store.insert(handle, workspace.id(), made));
        return made;
    }

    private static void check(Map<String, String> tags) {
        tags.forEach((key, value) -> {
            Keys.length(key, "tag key", Keys.MAX_KEY);
            Keys.length(value, "tag value", LONGEST_TAG);
        });
    }

    private List<Long> known(Workspace workspace, List<String> experimentIds) {
        return experimentIds.stream()
                .distinct()
                .map(id -> experiments.get(workspace, id).id())
                .toList();
    }

    public EvaluationDataset get(Workspace workspace, String id) {
        return database.read(handle -> get(handle, workspace, id));
    }

    private EvaluationDataset get(Handle handle, Workspace workspace, String id) {
        return store.find(handle, workspace.id(), id)
                .orElseThrow(() -> new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "Evaluation dataset with id '" + id + "' not found"));
    }

    /// Deletes it with its records; fine when there is none.
    public void delete(Workspace workspace, String id) {
        database.useTransaction(handle -> store.delete(handle, workspace.id(), id));
    }

    /// One page; the newest first unless `orderBy` says otherwise.
    public Page<EvaluationDataset> search(
            Workspace workspace,
            List<Long> experimentIds,
            @Nullable String filter,
            List<String> orderBy,
            int max,
            @Nullable String token) {
        int offset = PageToken.offset(token);
        List<EvaluationDataset> found = database.read(handle -> store.search(
                handle,
                workspace.id(),
                experimentIds,
                SqlDatasets.VOCABULARY.terms(Filter.parse(filter)),
                SqlDatasets.VOCABULARY.orders(OrderBy.parse(orderBy)),
                max,
                offset));
        return found.size() > max ? new Page<>(found.subList(0, max), PageToken.of(offset + max)) : Page.last(found);
    }

    public EvaluationDataset setTags(Workspace workspace, String id, Map<String, String> tags) {
        check(tags);
        return database.inTransaction(handle -> {
            get(handle, workspace, id);
            store.setTags(handle, workspace.id(), id, tags);
            return get(handle, workspace, id);
        });
    }

    /// Fine when there is no such tag.
    public void deleteTag(Workspace workspace, String id, String key) {
        database.useTransaction(handle -> store.deleteTag(handle, workspace.id(), id, key));
    }

    public EvaluationDataset addTo(Workspace workspace, String id, List<String> experimentIds) {
        return database.inTransaction(handle -> {
            get(handle, workspace, id);
            store.addExperiments(handle, workspace.id(), id, known(workspace, experimentIds));
            store.touch(handle, workspace.id(), id, clock.millis());
            return get(handle, workspace, id);
        });
    }

    /// Fine when it is in none of them.
    public EvaluationDataset removeFrom(Workspace workspace, String id, List<Long> experimentIds) {
        return database.inTransaction(handle -> {
            get(handle, workspace, id);
            store.removeExperiments(handle, workspace.id(), id, experimentIds);
            store.touch(handle, workspace.id(), id, clock.millis());
            return get(handle, workspace, id);
        });
    }

    /// What an upsert did.
    public record Upserted(int inserted, int updated) {}

    /// Writes records, all or none. Records with the same inputs are one: outputs are replaced, expectations and tags
    /// merged.
    public Upserted upsert(Workspace workspace, String id, List<ObjectNode> records) {
        records.forEach(RecordForms::check);
        long now = clock.millis();
        return database.inTransaction(handle -> {
            EvaluationDataset dataset = get(handle, workspace, id);
            store.touch(handle, workspace.id(), id, now);
            int inserted = 0;
            String schema = dataset.schema();
            String user = null;
            for (ObjectNode one : records) {
                JsonNode said = one.path("tags").path(USER);
                String by = said.isString() ? said.stringValue() : null;
                user = by == null ? user : by;
                String hash = RecordForms.hash(one.path("inputs"));
                EvaluationDataset.Entry old = store.byInputs(handle, workspace.id(), id, hash);
                if (old == null) {
                    String made = "edr-" + ids.hex();

                    store.put(handle, workspace.id(), id, hash, RecordForms.fresh(made, one, now, by));
                    inserted++;
                } else {
                    store.put(handle, workspace.id(), id, hash, RecordForms.merged(old, one, now, by));
                }
                schema = RecordForms.schema(schema, one);
            }
            store.update(handle, workspace.id(), id, schema, RecordForms.digest(dataset.name(), now), now, user);
            return new Upserted(inserted, records.size() - inserted);
        });
    }

    /// How many of them there were.
    public int deleteRecords(Workspace workspace, String id, List<String> recordIds) {
        return database.inTransaction(handle -> {
            get(handle, workspace, id);
            return store.deleteRecords(handle, workspace.id(), id, recordIds);
        });
    }

    /// One page in the order of creation.
    public Page<EvaluationDataset.Entry> records(Workspace workspace, String id, int max, @Nullable String token) {
        RecordForms.Place after = RecordForms.place(token);
        List<EvaluationDataset.Entry> found = database.read(handle -> {
            get(handle, workspace, id);
            return store.records(handle, workspace.id(), id, after, max + 1);
        });
        if (found.size() <= max) {
            return Page.last(found);
        }
        return new Page<>(found.subList(0, max), RecordForms.token(found.get(max - 1)));
    }

    /// Parses the JSON text of records, as clients send it.
    public static List<ObjectNode> parse(String text) {
        JsonNode parsed;
        try {
            parsed = Json.parse(text);
            atelier.web.JsonBodies.check(parsed);
        } catch (Problem.Invalid e) {
            throw MlflowRequest.invalid("'records' is not a JSON list of records. " + e.message());
        }
        if (!parsed.isArray()) {
            throw MlflowRequest.invalid("'records' must be a JSON list of records.");
        }
        List<ObjectNode> records = new java.util.ArrayList<>();
        for (JsonNode one : parsed) {
            if (!(one instanceof ObjectNode object)) {
                throw MlflowRequest.invalid("records[" + records.size() + "] must be a JSON object.");
            }
            records.add(object);
        }
        return records;
    }
}
