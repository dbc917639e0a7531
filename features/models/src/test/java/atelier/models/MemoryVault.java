package atelier.models;

import atelier.vault.Vault;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Secrets in a map.
public final class MemoryVault implements Vault {
    final Map<String, String> kept = new ConcurrentHashMap<>();

    /// For those who need no webhooks.
    public static ModelsFeature.Hooks hooks() {
        return new ModelsFeature.Hooks(new MemoryVault(), List.of());
    }

    @Override
    public void put(Workspace workspace, String name, String secret) {
        kept.put(workspace.id() + "/" + name, secret);
    }

    @Override
    public Optional<String> get(Workspace workspace, String name) {
        return Optional.ofNullable(kept.get(workspace.id() + "/" + name));
    }

    @Override
    public boolean delete(Workspace workspace, String name) {
        return kept.remove(workspace.id() + "/" + name) != null;
    }
}
