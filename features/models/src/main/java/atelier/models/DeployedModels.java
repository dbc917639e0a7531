package atelier.models;

import atelier.kernel.Caller;
import atelier.models.internal.SqlDeployed;
import atelier.models.internal.SqlDeployed.Row;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// [Deployed], kept in the registry's history.
final class DeployedModels implements Deployed {
    private final Database database;
    private final Registry registry;
    private final SqlDeployed store;
    private final InstantSource clock;

    DeployedModels(Database database, Registry registry, SqlDeployed store, InstantSource clock) {
        this.database = database;
        this.registry = registry;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public <T> T together(Supplier<T> change) {
        return database.inTransaction(_ -> change.get());
    }

    @Override
    public void wanted(Workspace workspace, Place place, String name, String version, Caller caller) {
        database.useTransaction(handle ->
                store.put(handle, workspace.id(), row(handle, workspace, place).wanting(name, version, caller.name())));
    }

    @Override
    public void serves(Workspace workspace, Place place, String name, String version) {
        database.useTransaction(handle -> {
            Row old = row(handle, workspace, place);
            Row now = old.serving(name, version);
            store.put(handle, workspace.id(), now);
            String share = Integer.toString(old.share());
            boolean same = old.name().equals(name) && old.version().equals(version);
            if (!same && old.serves()) {
                note(handle, workspace, place, old, share, "", now.wantedBy());
            }
            note(handle, workspace, place, now, same ? share : "", share, now.wantedBy());
        });
    }

    @Override
    public void found(Workspace workspace, Place place, Supplier<Models.ModelVersion> model, int share, String who) {
        database.useTransaction(handle -> {
            if (row(handle, workspace, place).serves()) {
                return;
            }
            Models.ModelVersion served = model.get();
            Row now = new Row(place, served.name(), served.version(), share, served.name(), served.version(), who);
            store.put(handle, workspace.id(), now);
            note(handle, workspace, place, now, "", Integer.toString(share), who);
        });
    }

    @Override
    public void shares(Workspace workspace, Kind kind, String endpoint, Map<String, Integer> shares, Caller caller) {
        database.useTransaction(handle -> {
            Map<String, Row> rows = new TreeMap<>();
            store.of(handle, workspace.id(), kind, endpoint)
                    .forEach(row -> rows.put(row.place().deployment(), row));
            shares.keySet().forEach(name -> rows.computeIfAbsent(name, n -> Row.empty(new Place(kind, endpoint, n))));
            rows.forEach((name, old) -> {
                int share = shares.getOrDefault(name, 0);
                if (old.share() != share) {
                    store.put(handle, workspace.id(), old.sharing(share));
                    if (old.serves()) {
                        note(
                                handle,
                                workspace,
                                old.place(),
                                old,
                                Integer.toString(old.share()),
                                Integer.toString(share),
                                caller.name());
                    }
                }
            });
        });
    }

    @Override
    public void gone(Workspace workspace, Kind kind, String endpoint, @Nullable String name, Caller caller) {
        database.useTransaction(handle -> {
            for (Row old : store.of(handle, workspace.id(), kind, endpoint)) {
                if (name == null || old.place().deployment().equals(name)) {
                    store.delete(handle, workspace.id(), old.place());
                    if (old.serves()) {
                        String share = Integer.toString(old.share());
                        note(handle, workspace, old.place(), old, share, "", caller.name());
                    }
                }
            }
        });
    }

    private Row row(Handle handle, Workspace workspace, Place place) {
        Optional<Row> found = store.of(handle, workspace.id(), place.kind(), place.endpoint()).stream()
                .filter(row -> row.place().deployment().equals(place.deployment()))
                .findFirst();
        return found.orElseGet(() -> Row.empty(place));
    }

    private void note(
            Handle handle, Workspace workspace, Place place, Row of, String before, String after, String who) {
        registry.note(
                handle,
                workspace,
                new Registry.Event(of.name(), of.version(), place.what(), before, after, who, clock.millis()));
    }
}
