package atelier.assets.internal;

import atelier.assets.Asset;
import atelier.assets.AssetQuery;
import atelier.assets.AssetReference;
import atelier.assets.ListView;
import atelier.kernel.Page;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/// One page of a name's versions, in one query along the index of its creation order. Conditions on tags and fields
/// look into the JSON of the rows passed on the way; a name has hundreds of versions, not millions.
final class VersionsQuery {
    private final Database.Kind database;
    private final AssetQuery query;
    private final StringBuilder sql;
    private final List<Object> arguments = new ArrayList<>();

    VersionsQuery(Database.Kind database, Workspace workspace, String kind, String name, AssetQuery query) {
        this.database = database;
        this.query = query;
        this.sql = new StringBuilder(
                "SELECT " + Rows.ASSET + " FROM asset a WHERE a.workspace_id = ? AND a.kind = ? AND a.name = ?");
        arguments.addAll(List.of(workspace.id(), kind, name));
    }

    Page<Asset> run(Handle handle) {
        if (query.view() != ListView.ALL) {
            and(" AND a.archived = ?", query.view() == ListView.ARCHIVED ? 1 : 0);
        }
        if (query.marker() != null) {
            and(query.oldestFirst() ? " AND a.seq > ?" : " AND a.seq < ?", AssetReference.marker(query.marker()));
        }
        new TreeMap<>(query.tags()).forEach((key, value) -> pair("tags", key, value));
        new TreeMap<>(query.properties()).forEach((key, value) -> pair("properties", key, value));
        if (query.stage() != null) {
            and(" AND lower(" + field("stage") + ") = lower(?)", query.stage());
        }
        sql.append(query.oldestFirst() ? " ORDER BY a.seq" : " ORDER BY a.seq DESC");
        and(" LIMIT ?", (long) query.max() + 1);
        List<Rows.Placed<Asset>> found = handle.select(sql, arguments.toArray())
                .map((row, _) -> Rows.placed(row))
                .list();
        List<Asset> items =
                found.stream().limit(query.max()).map(Rows.Placed::value).toList();
        return found.size() <= query.max()
                ? Page.last(items)
                : new Page<>(items, Long.toString(found.get(query.max() - 1).at()));
    }

    private void pair(String object, String key, String value) {
        String pair = switch (database) {
            case SQLITE -> "(SELECT j.value FROM json_each(a.properties, '$." + object + "') j WHERE j.key = ?)";
            case POSTGRESQL -> "((a.properties::jsonb) -> '" + object + "' ->> ?)";
        };
        and(" AND " + pair, key);
        if (value.isEmpty()) {
            sql.append(" IS NOT NULL");
        } else {
            and(" = ?", value);
        }
    }

    private String field(String name) {
        return switch (database) {
            case SQLITE -> "json_extract(a.properties, '$." + name + "')";
            case POSTGRESQL -> "((a.properties::jsonb) ->> '" + name + "')";
        };
    }

    private void and(String condition, Object argument) {
        sql.append(condition);
        arguments.add(argument);
    }
}
