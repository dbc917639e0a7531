package atelier.compute.internal;

import atelier.compute.Compute;
import atelier.compute.ComputeRules;
import atelier.compute.Computes;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Computes in the database. The default one needs no row until it is changed; a deleted one leaves a row
/// that says so.
public final class SqlComputes implements Computes {
    /// The compute every workspace starts with.
    public static final String DEFAULT = "cpu-cluster";

    private static final Set<String> UNNAMED = Set.of("", "local", "serverless");
    private static final String SELECT =
            "SELECT name, location, properties, tags, state, created_by, created_at, modified_at, deleted, identity"
                    + " FROM compute";
    private final Database database;
    private final InstantSource clock;
    private final int slots;

    public SqlComputes(Database database, InstantSource clock, int slots) {
        this.database = database;
        this.clock = clock;
        this.slots = slots;
    }

    @Override
    public List<Compute> list(Workspace workspace) {
        return database.read(handle -> {
            List<Compute> stored = handle.createQuery(SELECT + " WHERE workspace_id = ? AND deleted = 0 ORDER BY name")
                    .bind(0, workspace.id())
                    .map((row, _) -> compute(row))
                    .list();
            if (row(handle, workspace, DEFAULT).isPresent()) {
                return stored;
            }
            List<Compute> all = new java.util.ArrayList<>(List.of(initial(workspace)));
            all.addAll(stored);
            return List.copyOf(all);
        });
    }

    @Override
    public Optional<Compute> find(Workspace workspace, String name) {
        return database.read(handle -> {
            Optional<Row> row = row(handle, workspace, name);
            if (row.isEmpty()) {
                return key(name).equals(DEFAULT) ? Optional.of(initial(workspace)) : Optional.empty();
            }
            return row.filter(r -> !r.deleted()).map(Row::compute);
        });
    }

    @Override
    public Compute put(Workspace workspace, String name, Draft draft, Caller caller) {
        ComputeRules.name(name);
        ObjectNode properties = ComputeRules.check(draft.properties());
        String type = properties.path("computeType").asString("");
        return database.inTransaction(handle -> {
            Optional<Row> before = row(handle, workspace, name);
            find(workspace, name).filter(had -> !had.type().equals(type)).ifPresent(had -> {
                throw new Problem.Conflict(
                        "ComputeTypeMismatch",
                        "Compute '" + had.name() + "' is of type " + had.type() + " and cannot become " + type
                                + "; delete it first or choose another name.");
            });
            long now = clock.millis();
            if (before.isPresent()) {
                boolean isNew = before.get().deleted();
                handle.execute(
                        "UPDATE compute SET name = ?, properties = ?, tags = ?, identity = ?, deleted = 0,"
                                + " modified_at = ?, created_at = CASE WHEN deleted = 1 THEN ? ELSE created_at END,"
                                + " state = CASE WHEN deleted = 1 THEN 'Running' ELSE state END"
                                + " WHERE workspace_id = ? AND name_key = ?",
                        isNew ? name : before.get().compute().name(),
                        Json.write(properties),
                        Json.write(draft.tags()),
                        Json.write(draft.identity()),
                        now,
                        now,
                        workspace.id(),
                        key(name));
            } else {
                insert(
                        handle,
                        workspace,
                        name,
                        new Draft(properties, draft.tags(), draft.identity()),
                        caller.name(),
                        0);
            }
            return row(handle, workspace, name).orElseThrow().compute();
        });
    }

    private void insert(Handle handle, Workspace workspace, String name, Draft draft, String by, int deleted) {
        handle.execute(
                "INSERT INTO compute (workspace_id, name_key, name, location, properties, tags, identity, state, deleted,"
                        + " created_by, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'Running', ?, ?, ?, ?)",
                workspace.id(),
                key(name),
                name,
                workspace.location(),
                Json.write(draft.properties()),
                Json.write(draft.tags()),
                Json.write(draft.identity()),
                deleted,
                by,
                clock.millis(),
                clock.millis());
    }

    @Override
    public Compute state(Workspace workspace, String name, String state) {
        Compute compute = find(workspace, name).orElseThrow(() -> missing(workspace, name));
        if (!compute.type().equals("ComputeInstance")) {
            throw new Problem.Conflict(
                    "ComputeHasNoState",
                    "Only compute instances are started, stopped and restarted; '" + name + "' is of type "
                            + compute.type() + ".");
        }
        database.useTransaction(handle -> handle.execute(
                "UPDATE compute SET state = ?, modified_at = ? WHERE workspace_id = ? AND name_key = ?",
                state,
                clock.millis(),
                workspace.id(),
                key(name)));
        return find(workspace, name).orElseThrow(() -> missing(workspace, name));
    }

    @Override
    public boolean delete(Workspace workspace, String name) {
        return database.inTransaction(handle -> {
            if (find(workspace, name).isEmpty()) {
                return false;
            }
            if (row(handle, workspace, name).isEmpty()) {
                Draft none = new Draft(Json.object(), Json.object(), Json.object());
                insert(handle, workspace, name, none, "atelier", 1);
            }
            handle.execute(
                    "UPDATE compute SET deleted = 1, modified_at = ? WHERE workspace_id = ? AND name_key = ?",
                    clock.millis(),
                    workspace.id(),
                    key(name));
            return true;
        });
    }

    @Override
    public void requireKnown(Workspace workspace, @Nullable String reference) {
        String given = reference == null ? "" : reference;
        String name = given.substring(given.lastIndexOf('/') + 1);
        if (name.startsWith("azureml:")) {
            name = name.substring("azureml:".length());
        }
        if (UNNAMED.contains(key(name))) {
            return;
        }
        String named = name;
        Compute compute = find(workspace, named).orElseThrow(() -> missing(workspace, named));
        if (ComputeRules.isAttached(compute.type())) {
            throw new Problem.Invalid(
                    "ComputeTypeNotSupported",
                    "Compute '" + compute.name() + "' is attached (" + compute.type()
                            + "): this server keeps its definition and runs jobs on its own machine only. Name an"
                            + " AmlCompute, a ComputeInstance, 'local' or 'serverless'.",
                    "computeId");
        }
        if (!compute.state().equals("Running")) {
            throw new Problem.Invalid(
                    "ComputeNotReady",
                    "Compute instance '" + compute.name() + "' is " + compute.state()
                            + "; start it before submitting a job to it.",
                    "computeId");
        }
    }

    private Problem missing(Workspace workspace, String name) {
        List<String> known = list(workspace).stream().map(Compute::name).toList();
        return new Problem.Invalid(
                "ComputeNotFound",
                "There is no compute '" + name + "' in workspace '" + workspace.name() + "'."
                        + Nearest.hint(name, known) + " It has: " + String.join(", ", known) + ", local, serverless.",
                "computeId");
    }

    private Compute initial(Workspace workspace) {
        ObjectNode scale = Json.object()
                .put("minNodeCount", 0)
                .put("maxNodeCount", slots)
                .put("nodeIdleTimeBeforeScaleDown", "PT2M");
        ObjectNode inner = Json.object()
                .put("vmSize", "LOCAL")
                .put("vmPriority", "Dedicated")
                .put("osType", "Linux");
        inner.set("scaleSettings", scale);
        ObjectNode properties = Json.object()
                .put("computeType", "AmlCompute")
                .put("description", "The processors of this machine")
                .put("disableLocalAuth", true);
        properties.set("properties", inner);
        return new Compute(
                DEFAULT,
                "AmlCompute",
                workspace.location(),
                properties,
                Json.object(),
                Json.object(),
                "Running",
                "atelier",
                workspace.createdAt(),
                workspace.createdAt());
    }

    private record Row(Compute compute, boolean deleted) {}

    private static Optional<Row> row(Handle handle, Workspace workspace, String name) {
        return handle.createQuery(SELECT + " WHERE workspace_id = ? AND name_key = ?")
                .bind(0, workspace.id())
                .bind(1, key(name))
                .map((row, _) -> new Row(compute(row), row.getInt(9) != 0))
                .findOne();
    }

    private static Compute compute(ResultSet row) throws SQLException {
        ObjectNode properties = (ObjectNode) Json.parse(row.getString(3));
        return new Compute(
                row.getString(1),
                properties.path("computeType").asString(""),
                row.getString(2),
                properties,
                (ObjectNode) Json.parse(row.getString(4)),
                (ObjectNode) Json.parse(row.getString(10)),
                row.getString(5),
                row.getString(6),
                Instant.ofEpochMilli(row.getLong(7)),
                Instant.ofEpochMilli(row.getLong(8)));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
