package atelier.store;

/// The schema of one feature: plain SQL files `db/<feature>/V001__….sql` on the class path, applied in order and
/// recorded in
/// the table `schema_<feature>`. `${clustered}` in a script becomes `WITHOUT ROWID` on SQLite and nothing on
/// PostgreSQL.
public record Migrations(String feature) {
    public Migrations {
        if (!feature.matches("[a-z]+")) {
            throw new IllegalArgumentException("A feature is lower-case letters: " + feature);
        }
    }
}
