package atelier.vault.internal;

import atelier.store.Database;
import atelier.vault.Vault;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.Optional;

/// Table `vault_secret`.
public final class SqlVault implements Vault {
    private final Database database;
    private final Seal seal;
    private final InstantSource clock;

    public SqlVault(Database database, Seal seal, InstantSource clock) {
        this.database = database;
        this.seal = seal;
        this.clock = clock;
    }

    @Override
    public void put(Workspace workspace, String name, String secret) {
        String sealed = seal.seal(secret, place(workspace, name));
        database.useTransaction(handle -> handle.execute(
                "INSERT INTO vault_secret (workspace_id, name, sealed, modified_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (workspace_id, name) DO UPDATE SET sealed = excluded.sealed,"
                        + " modified_at = excluded.modified_at",
                workspace.id(),
                name,
                sealed,
                clock.millis()));
    }

    @Override
    public Optional<String> get(Workspace workspace, String name) {
        return database.read(handle -> handle.createQuery(
                                "SELECT sealed FROM vault_secret WHERE workspace_id = ? AND name = ?")
                        .bind(0, workspace.id())
                        .bind(1, name)
                        .mapTo(String.class)
                        .findOne())
                .map(text -> seal.open(text, place(workspace, name)));
    }

    @Override
    public boolean delete(Workspace workspace, String name) {
        return database.inTransaction(handle ->
                handle.execute("DELETE FROM vault_secret WHERE workspace_id = ? AND name = ?", workspace.id(), name)
                        > 0);
    }

    private static String place(Workspace workspace, String name) {
        return workspace.id() + "/" + name;
    }
}
