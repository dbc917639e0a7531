package atelier.workspace.internal;

import atelier.store.Database;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Deletes what the tables of all features hold of a workspace. Every table that belongs to a workspace carries its key
/// in
/// a column `workspace_id` or `workspace`; a table without one hangs on such a row and is its feature's to clear.
final class WorkspaceRows {
    private static final List<String> KEYS = List.of("workspace_id", "workspace");

    private WorkspaceRows() {}

    static void delete(Handle handle, Database.Kind kind, String workspaceId) {
        for (String key : KEYS) {
            for (String table : tables(handle, kind, key)) {
                handle.execute("DELETE FROM " + table + " WHERE " + key + " = ?", workspaceId);
            }
        }
    }

    private static List<String> tables(Handle handle, Database.Kind kind, String column) {
        String query = switch (kind) {
            case SQLITE ->
                "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = ?"
                        + " WHERE m.type = 'table' ORDER BY m.name";
            case POSTGRESQL ->
                "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t"
                        + " ON t.table_name = c.table_name AND t.table_schema = c.table_schema"
                        + " WHERE c.column_name = ? AND c.table_schema = current_schema()"
                        + " AND t.table_type = 'BASE TABLE' ORDER BY c.table_name";
        };
        return handle.createQuery(query).bind(0, column).mapTo(String.class).list();
    }
}
