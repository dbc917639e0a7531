package atelier.assets.internal;

import atelier.assets.Asset;
import atelier.assets.AssetName;
import atelier.kernel.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Rows of the tables `asset` and `asset_name` as records.
final class Rows {
    static final String ASSET = "a.workspace_id, a.kind, a.name, a.version, a.properties, a.archived, a.created_by,"
            + " a.created_at, a.modified_at, a.seq";
    private static final String NAME = "n.name AS container, n.latest_at, n.archived AS all_archived, n.greatest,"
            + " n.description, n.tags, n.properties AS own_properties, n.created_by AS maker, n.created_at AS made_at,"
            + " n.modified_at AS changed_at";
    static final String NAMES = "SELECT " + ASSET + ", " + NAME + " FROM asset_name n LEFT JOIN asset a"
            + " ON a.workspace_id = n.workspace_id AND a.kind = n.kind AND a.name = n.name AND a.version = n.latest"
            + " WHERE n.workspace_id = ? AND n.kind = ?";

    private Rows() {}

    static Asset asset(ResultSet row) throws SQLException {
        return new Asset(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                (ObjectNode) Json.parse(row.getString(5)),
                row.getInt(6) != 0,
                row.getString(7),
                Instant.ofEpochMilli(row.getLong(8)),
                Instant.ofEpochMilli(row.getLong(9)));
    }

    /// @param at order of the row in its list
    record Placed<T>(T value, long at) {}

    static Placed<Asset> placed(ResultSet row) throws SQLException {
        return new Placed<>(asset(row), row.getLong("seq"));
    }

    /// A name; `next` is empty when the greatest number was not counted yet.
    static Placed<AssetName> name(ResultSet row) throws SQLException {
        Optional<Asset> latest = row.getString(4) == null ? Optional.empty() : Optional.of(asset(row));
        long greatest = row.getLong("greatest");
        String next = row.wasNull() ? "" : Long.toString(greatest + 1);
        return new Placed<>(
                new AssetName(
                        row.getString("container"),
                        latest,
                        next,
                        row.getInt("all_archived") != 0,
                        new AssetName.Words(
                                row.getString("description"),
                                object(row.getString("tags")),
                                object(row.getString("own_properties"))),
                        row.getString("maker"),
                        Instant.ofEpochMilli(row.getLong("made_at")),
                        Instant.ofEpochMilli(row.getLong("changed_at"))),
                row.getLong("latest_at"));
    }

    private static @Nullable ObjectNode object(@Nullable String json) {
        return json == null ? null : (ObjectNode) Json.parse(json);
    }
}
