package atelier.assets.internal;

import atelier.assets.Asset;
import atelier.assets.AssetName;
import atelier.assets.ListView;
import atelier.assets.NameMarker;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Table `asset_name`: what is known of a name without reading its versions.
final class SqlNames {
    private static final String KEY = " WHERE workspace_id = ? AND kind = ? AND name = ?";

    private SqlNames() {}

    /// Makes the row, or holds the one that is there: writers of one name wait for each other.
    static void hold(Handle handle, Workspace workspace, String kind, String name, Caller caller, long now) {
        handle.execute(
                "INSERT INTO asset_name (workspace_id, kind, name, latest, latest_at, archived, listed, greatest,"
                        + " created_by, created_at, modified_at) VALUES (?, ?, ?, NULL, ?, 0, 1, 0, ?, ?, ?)"
                        + " ON CONFLICT (workspace_id, kind, name) DO UPDATE SET modified_at = excluded.modified_at",
                workspace.id(),
                kind,
                name,
                now,
                caller.name(),
                now,
                now);
    }

    /// Brings the row up to date with the versions that are there; drops it when none is left.
    static void refresh(Handle handle, Workspace workspace, String kind, String name) {
        Optional<Asset> latest =
                newest(handle, workspace, kind, name, false).or(() -> newest(handle, workspace, kind, name, true));
        if (latest.isEmpty()) {
            handle.execute("DELETE FROM asset_name" + KEY, workspace.id(), kind, name);
            return;
        }
        Asset asset = latest.get();
        boolean broughtAlong =
                !kind.equals("codes") && asset.properties().path("isAnonymous").asBoolean(false);
        handle.execute(
                "UPDATE asset_name SET latest = ?, latest_at = ?, archived = ?, listed = ?" + KEY,
                asset.version(),
                asset.createdAt().toEpochMilli(),
                asset.archived() ? 1 : 0,
                broughtAlong ? 0 : 1,
                workspace.id(),
                kind,
                name);
    }

    private static Optional<Asset> newest(
            Handle handle, Workspace workspace, String kind, String name, boolean archived) {
        return handle.createQuery("SELECT " + Rows.ASSET + " FROM asset a WHERE workspace_id = ? AND kind = ?"
                        + " AND name = ? AND archived = ? ORDER BY seq DESC LIMIT 1")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .bind(3, archived ? 1 : 0)
                .map((row, _) -> Rows.asset(row))
                .findOne();
    }

    static void raise(Handle handle, Workspace workspace, String kind, String name, String version) {
        if (isNumber(version)) {
            handle.execute(
                    "UPDATE asset_name SET greatest = ?" + KEY + " AND greatest < ?",
                    Long.parseLong(version),
                    workspace.id(),
                    kind,
                    name,
                    Long.parseLong(version));
        }
    }

    private static boolean isNumber(String version) {
        return version.matches("\\d{1,18}");
    }

    static Optional<AssetName> find(Handle handle, Workspace workspace, String kind, String name) {
        return handle.createQuery(Rows.NAMES + " AND n.name = ?")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .map((row, _) -> Rows.name(row))
                .findOne()
                .map(found -> counted(handle, workspace, kind, found.value()));
    }

    static Page<AssetName> page(
            Handle handle, Workspace workspace, String kind, ListView view, @Nullable String marker, int max) {
        String sql = Rows.NAMES + " AND n.listed = 1"
                + (view == ListView.ALL ? "" : " AND n.archived = " + (view == ListView.ARCHIVED ? 1 : 0))
                + (marker == null ? "" : " AND (n.latest_at, n.name) < (?, ?)")
                + " ORDER BY n.latest_at DESC, n.name DESC LIMIT ?";
        var query = handle.createQuery(sql).bind(0, workspace.id()).bind(1, kind);
        int next = 2;
        if (marker != null) {
            NameMarker from = NameMarker.parse(marker);
            query.bind(next++, from.at()).bind(next++, from.name());
        }
        List<Rows.Placed<AssetName>> found =
                query.bind(next, (long) max + 1).map((row, _) -> Rows.name(row)).list();
        List<AssetName> items = found.stream()
                .limit(max)
                .map(placed -> counted(handle, workspace, kind, placed.value()))
                .toList();
        if (found.size() <= max) {
            return Page.last(items);
        }
        Rows.Placed<AssetName> last = found.get(max - 1);
        return new Page<>(items, new NameMarker(last.at(), last.value().name()).text());
    }

    /// Rows of an older installation learn their greatest number when they are first read.
    private static AssetName counted(Handle handle, Workspace workspace, String kind, AssetName name) {
        if (!name.next().isEmpty()) {
            return name;
        }
        return new AssetName(
                name.name(),
                name.latest(),
                Long.toString(greatest(handle, workspace, kind, name.name()) + 1),
                name.archived(),
                name.words(),
                name.createdBy(),
                name.createdAt(),
                name.modifiedAt());
    }

    private static long greatest(Handle handle, Workspace workspace, String kind, String name) {
        return handle
                .createQuery("SELECT version FROM asset" + KEY)
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .mapTo(String.class)
                .list()
                .stream()
                .filter(SqlNames::isNumber)
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    /// Writes down the greatest number of a row of an older installation, which must be held.
    static void count(Handle handle, Workspace workspace, String kind, String name) {
        boolean uncounted = handle.createQuery("SELECT count(*) FROM asset_name" + KEY + " AND greatest IS NULL")
                        .bind(0, workspace.id())
                        .bind(1, kind)
                        .bind(2, name)
                        .mapTo(Integer.class)
                        .one()
                > 0;
        if (uncounted) {
            handle.execute(
                    "UPDATE asset_name SET greatest = ?" + KEY,
                    greatest(handle, workspace, kind, name),
                    workspace.id(),
                    kind,
                    name);
        }
    }

    static void describe(Handle handle, Workspace workspace, String kind, String name, AssetName.Words words) {
        handle.execute(
                "UPDATE asset_name SET description = coalesce(?, description), tags = coalesce(?, tags),"
                        + " properties = coalesce(?, properties)" + KEY,
                words.description(),
                json(words.tags()),
                json(words.properties()),
                workspace.id(),
                kind,
                name);
    }

    private static @Nullable String json(@Nullable ObjectNode object) {
        return object == null ? null : Json.write(object);
    }
}
