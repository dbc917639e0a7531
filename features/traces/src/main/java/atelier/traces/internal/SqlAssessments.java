package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.mlflow.Conditions;
import atelier.store.Database;
import atelier.traces.Assessment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Rows of assessments.
public final class SqlAssessments {
    private static final String COLUMNS = "assessment_id, trace_id, kind, name, value, error, source_type, source_id,"
            + " span_id, rationale, overrides, valid, metadata, created_at, updated_at";
    private final Database database;

    public SqlAssessments(Database database) {
        this.database = database;
    }

    /// Writes one, in the place of one with the same id.
    public void put(Handle handle, String workspace, Assessment one) {
        JsonNode value = one.value();
        JsonNode error = one.error();
        handle.execute(
                "INSERT INTO trace_assessment (workspace, trace_id, assessment_id, kind, name, value, shown, number,"
                        + " is_number, error, source_type, source_id, span_id, rationale, overrides, valid, metadata,"
                        + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, trace_id, assessment_id) DO UPDATE SET kind = excluded.kind,"
                        + " name = excluded.name, value = excluded.value, shown = excluded.shown,"
                        + " number = excluded.number, is_number = excluded.is_number, error = excluded.error,"
                        + " source_type = excluded.source_type, source_id = excluded.source_id,"
                        + " span_id = excluded.span_id, rationale = excluded.rationale, overrides = excluded.overrides,"
                        + " valid = excluded.valid, metadata = excluded.metadata, updated_at = excluded.updated_at",
                workspace,
                one.traceId(),
                one.id(),
                one.kind().field(),
                one.name(),
                Json.write(value),
                value.isString() ? value.stringValue() : Json.write(value),
                number(value),
                value.isNumber() && Double.isFinite(value.doubleValue()) ? 1 : 0,
                error == null ? null : Json.write(error),
                one.sourceType(),
                one.sourceId(),
                one.spanId(),
                one.rationale(),
                one.overrides(),
                one.valid() ? 1 : 0,
                Json.write(new TreeMap<>(one.metadata())),
                one.createdAt(),
                one.updatedAt());
    }

    /// What sums and means count it as: a number, a truth value, or one of the words that judges use for these.
    private static @Nullable Double number(JsonNode value) {
        if (value.isNumber()) {
            double number = value.doubleValue();
            return Double.isFinite(number) ? number : null;
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? 1.0 : 0.0;
        }
        if (value.isString()) {
            return switch (value.stringValue()) {
                case "yes", "true" -> 1.0;
                case "no", "false" -> 0.0;
                default -> null;
            };
        }
        return null;
    }

    public Optional<Assessment> find(Handle handle, String workspace, String traceId, String id) {
        return handle.select(
                        "SELECT " + COLUMNS
                                + " FROM trace_assessment WHERE workspace = ? AND trace_id = ? AND assessment_id = ?",
                        workspace,
                        traceId,
                        id)
                .map((row, _) -> read(row))
                .findOne();
    }

    /// False when there is no such assessment.
    public boolean setValid(Handle handle, String workspace, String traceId, String id, boolean valid) {
        return handle.execute(
                        "UPDATE trace_assessment SET valid = ? WHERE workspace = ? AND trace_id = ? AND assessment_id = ?",
                        valid ? 1 : 0,
                        workspace,
                        traceId,
                        id)
                == 1;
    }

    public void delete(Handle handle, String workspace, String traceId, String id) {
        handle.execute(
                "DELETE FROM trace_assessment WHERE workspace = ? AND trace_id = ? AND assessment_id = ?",
                workspace,
                traceId,
                id);
    }

    /// Those of several traces, oldest first.
    Map<String, List<Assessment>> of(Handle handle, String workspace, List<String> traceIds) {
        Map<String, List<Assessment>> found = new HashMap<>();
        for (List<String> chunk : SqlTraces.chunks(traceIds)) {
            Conditions sql = new Conditions(database.kind())
                    .add("SELECT " + COLUMNS + " FROM trace_assessment WHERE workspace = ? AND ", workspace)
                    .in("trace_id", chunk)
                    .add(" ORDER BY created_at, assessment_id");
            handle.select(sql.sql(), sql.arguments())
                    .map((row, _) -> read(row))
                    .forEach(one -> found.computeIfAbsent(one.traceId(), _ -> new ArrayList<>())
                            .add(one));
        }
        return found;
    }

    private static Assessment read(java.sql.ResultSet row) throws java.sql.SQLException {
        Map<String, String> metadata = new TreeMap<>();
        Json.parse(row.getString(13))
                .properties()
                .forEach(field -> metadata.put(field.getKey(), field.getValue().asString("")));
        String error = row.getString(6);
        return new Assessment(
                row.getString(1),
                row.getString(2),
                Assessment.Kind.valueOf(row.getString(3).toUpperCase(java.util.Locale.ROOT)),
                row.getString(4),
                Json.parse(row.getString(5)),
                error == null ? null : Json.parse(error),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getInt(12) == 1,
                metadata,
                row.getLong(14),
                row.getLong(15));
    }
}
