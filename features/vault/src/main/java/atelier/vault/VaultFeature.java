package atelier.vault;

import atelier.kernel.Ids;
import atelier.store.Database;
import atelier.vault.internal.Seal;
import atelier.vault.internal.SqlVault;
import java.time.InstantSource;

/// The vault, wired.
public record VaultFeature(Vault vault) {
    /// @param key the installation's key: 32 bytes as hexadecimal digits, kept outside the database
    public static VaultFeature create(Database database, String key, InstantSource clock, Ids ids) {
        return new VaultFeature(new SqlVault(database, new Seal(key, ids), clock));
    }
}
