package atelier.models.internal;

import atelier.models.Deployed.Kind;
import atelier.models.Deployed.Place;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Table `model_deployment`: what each deployment serves now.
public final class SqlDeployed {
    /// @param name empty until a roll-out succeeded
    /// @param share percent of the endpoint's traffic
    /// @param wantedBy who asked for what was accepted last
    public record Row(
            Place place,
            String name,
            String version,
            int share,
            String wantedName,
            String wantedVersion,
            String wantedBy) {
        public static Row empty(Place place) {
            return new Row(place, "", "", 0, "", "", "");
        }

        public boolean serves() {
            return !name.isEmpty();
        }

        public Row wanting(String model, String modelVersion, String who) {
            return new Row(place, name, version, share, model, modelVersion, who);
        }

        public Row serving(String model, String modelVersion) {
            return new Row(place, model, modelVersion, share, wantedName, wantedVersion, wantedBy);
        }

        public Row sharing(int percent) {
            return new Row(place, name, version, percent, wantedName, wantedVersion, wantedBy);
        }
    }

    public void put(Handle handle, String workspace, Row row) {
        handle.execute(
                "INSERT INTO model_deployment (workspace, kind, endpoint, deployment, name, version, share, wanted_name,"
                        + " wanted_version, wanted_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, kind, endpoint, deployment) DO UPDATE SET name = excluded.name,"
                        + " version = excluded.version, share = excluded.share, wanted_name = excluded.wanted_name,"
                        + " wanted_version = excluded.wanted_version, wanted_by = excluded.wanted_by",
                workspace,
                row.place().kind().word(),
                row.place().endpoint(),
                row.place().deployment(),
                row.name(),
                row.version(),
                row.share(),
                row.wantedName(),
                row.wantedVersion(),
                row.wantedBy());
    }

    /// The deployments of an endpoint.
    public List<Row> of(Handle handle, String workspace, Kind kind, String endpoint) {
        return handle.select(
                        "SELECT deployment, name, version, share, wanted_name, wanted_version, wanted_by"
                                + " FROM model_deployment WHERE workspace = ? AND kind = ? AND endpoint = ?"
                                + " ORDER BY deployment",
                        workspace,
                        kind.word(),
                        endpoint)
                .map((row, _) -> new Row(
                        new Place(kind, endpoint, row.getString(1)),
                        row.getString(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7)))
                .list();
    }

    public void delete(Handle handle, String workspace, Place place) {
        handle.execute(
                "DELETE FROM model_deployment WHERE workspace = ? AND kind = ? AND endpoint = ? AND deployment = ?",
                workspace,
                place.kind().word(),
                place.endpoint(),
                place.deployment());
    }
}
