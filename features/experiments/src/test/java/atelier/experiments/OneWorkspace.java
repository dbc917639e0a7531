package atelier.experiments;

import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.Instant;
import java.util.List;

/// Two workspaces: `main`, and `other` to see that nothing leaks.
public final class OneWorkspace implements Workspaces {
    public static final Workspace MAIN = workspace("11111111-1111-1111-1111-111111111111", "main");
    public static final Workspace OTHER = workspace("22222222-2222-2222-2222-222222222222", "other");

    private static Workspace workspace(String id, String name) {
        return new Workspace(id, "00000000-0000-0000-0000-000000000001", "atelier", name, "local", Instant.EPOCH);
    }

    @Override
    public Workspace get(String subscriptionId, String resourceGroup, String name) {
        return byName(name);
    }

    @Override
    public Workspace byId(String id) {
        return list().stream().filter(w -> w.id().equals(id)).findFirst().orElseThrow();
    }

    @Override
    public Workspace byName(String name) {
        return list().stream()
                .filter(w -> w.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new Problem.NotFound("There is no workspace " + name + "."));
    }

    @Override
    public List<Workspace> list() {
        return List.of(MAIN, OTHER);
    }

    @Override
    public Workspace ensure(String subscriptionId, String resourceGroup, String name, String location) {
        return byName(name);
    }
}
