package atelier.storage.internal;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.storage.AccountKeys;
import atelier.store.Database;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// [AccountKeys] in a table; read once, as every signed request needs them. Made when the account is first opened.
public final class SqlAccountKeys implements AccountKeys {
    private static final int BYTES = 64;
    private final Database database;
    private final InstantSource clock;
    private final Ids ids;
    private volatile List<Key> keys;

    public SqlAccountKeys(Database database, InstantSource clock, Ids ids) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        List<Key> known = read();
        if (known.isEmpty()) {
            database.useTransaction(handle -> {
                for (String name : List.of("key1", "key2")) {
                    handle.execute(
                            "INSERT INTO storage_key (name, value, made_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
                            name,
                            newValue(),
                            clock.millis());
                }
            });
            known = read();
        }
        this.keys = known;
    }

    @Override
    public List<Key> list() {
        return keys;
    }

    @Override
    public Key regenerate(String name) {
        int changed = database.inTransaction(handle -> handle.execute(
                "UPDATE storage_key SET value = ?, made_at = ? WHERE name = ?", newValue(), clock.millis(), name));
        if (changed == 0) {
            throw new Problem.NotFound("KeyNotFound", "The account has 'key1' and 'key2', not '" + name + "'.");
        }
        keys = read();
        return list().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String newValue() {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(ids.secret(BYTES)));
    }

    private List<Key> read() {
        return database.read(handle -> handle.createQuery("SELECT name, value FROM storage_key ORDER BY name")
                .map((row, _) -> new Key(row.getString("name"), row.getString("value")))
                .list());
    }
}
