package atelier.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Transactions on one of two databases with the same SQL.
///
/// SQLite: one writer connection (commits with `synchronous=FULL`, so what is acknowledged is on disk) beside a few
/// readers, in write-ahead mode. PostgreSQL: one pool. A transaction opened inside another of the same thread joins
/// it, so a feature may call another feature's verb and both are kept or neither.
public final class Database implements AutoCloseable {
    private final ScopedValue<Handle> current = ScopedValue.newInstance();
    private final Kind kind;
    private final HikariDataSource writer;
    private final HikariDataSource reader;
    private final Jdbi writes;
    private final Jdbi reads;
    private final CommitGroups groups;

    /// The databases this runs on.
    public enum Kind {
        SQLITE,
        POSTGRESQL
    }

    private Database(Kind kind, HikariDataSource writer, HikariDataSource reader) {
        this.kind = kind;
        this.writer = writer;
        this.reader = reader;
        this.writes = jdbi(kind, writer);
        this.reads = jdbi(kind, reader);
        this.groups = new CommitGroups(writes, current);
    }

    private static Jdbi jdbi(Kind kind, DataSource pool) {
        Jdbi jdbi = Jdbi.create(pool);
        if (kind == Kind.SQLITE) {
            StatementCache cache = new StatementCache();
            jdbi.setStatementBuilderFactory(_ -> cache);
        }
        return jdbi;
    }

    /// Opens (and creates when missing) an SQLite file.
    public static Database sqlite(Path file) {
        return new Database(Kind.SQLITE, sqlitePool(file, 1, false), sqlitePool(file, 4, true));
    }

    /// Opens a PostgreSQL database by JDBC URL (`jdbc:postgresql://host/db?user=…&password=…`).
    public static Database postgresql(String url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("postgresql");
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(1);
        // Batches go out as inserts of many rows.
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        HikariDataSource pool = new HikariDataSource(config);
        return new Database(Kind.POSTGRESQL, pool, pool);
    }

    public Kind kind() {
        return kind;
    }

    /// Brings the schema of each feature up to date, in the given order.
    public void migrate(List<Migrations> features) {
        for (Migrations migrations : features) {
            migrate(writer, migrations);
        }
    }

    /// [#migrate(List)], skipped when this database was last migrated by the same code: `stamp` names the code (a
    /// hash of the jars) and is kept in the database itself, so that a restored backup is migrated again.
    public void migrate(List<Migrations> features, String stamp) {
        useTransaction(handle -> handle.execute("CREATE TABLE IF NOT EXISTS schema_stamp (stamp TEXT NOT NULL)"));
        boolean known = read(handle -> handle.createQuery("SELECT count(*) FROM schema_stamp WHERE stamp = ?")
                        .bind(0, stamp)
                        .mapTo(Integer.class)
                        .one())
                > 0;
        if (known) {
            return;
        }
        migrate(features);
        useTransaction(handle -> {
            handle.execute("DELETE FROM schema_stamp");
            handle.execute("INSERT INTO schema_stamp (stamp) VALUES (?)", stamp);
        });
    }

    private void migrate(DataSource source, Migrations migrations) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/" + migrations.feature())
                .table("schema_" + migrations.feature())
                .baselineOnMigrate(true)
                .baselineVersion("0")
                // Branches add migrations beside each other; one that was merged later is still applied.
                .outOfOrder(true)
                .placeholders(Map.of(
                        "clustered", kind == Kind.SQLITE ? "WITHOUT ROWID" : "",
                        // Text in an index in the order of code points, which SQLite has anyway.
                        "ordinal", kind == Kind.SQLITE ? "" : "COLLATE \"C\""))
                .load()
                .migrate();
    }

    /// Runs `work` in a transaction that is committed when it returns and rolled back when it throws.
    public <T> T inTransaction(Function<Handle, T> work) {
        if (current.isBound()) {
            return work.apply(current.get());
        }
        return writes.inTransaction(handle -> ScopedValue.where(current, handle).call(() -> work.apply(handle)));
    }

    /// [#inTransaction(Function)] without a result.
    public void useTransaction(Consumer<Handle> work) {
        inTransaction(handle -> {
            work.accept(handle);
            return Boolean.TRUE;
        });
    }

    /// [#inTransaction(Function)] for small writes of many clients at once: on SQLite, whose transactions come one
    /// after the other, those that wait share one commit and its flush to disk. Each is as durable when this
    /// returns, and as separate from the others, as in a transaction of its own: what it throws undoes only itself.
    /// PostgreSQL commits in parallel and shares flushes itself, so there it is a transaction as any other.
    ///
    /// @param work runs on the thread of whoever leads the group, and may run a second time when a neighbour ended
    /// the common transaction: what it does outside the database must not matter
    public <T> T inGroup(Function<Handle, T> work) {
        if (current.isBound() || kind != Kind.SQLITE) {
            return inTransaction(work);
        }
        return groups.run(work);
    }

    /// [#inGroup(Function)] without a result.
    public void useGroup(Consumer<Handle> work) {
        inGroup(handle -> {
            work.accept(handle);
            return Boolean.TRUE;
        });
    }

    CommitGroups groups() {
        return groups;
    }

    /// Runs `work` on a connection for reading; inside a transaction it sees what that transaction wrote.
    public <T> T read(Function<Handle, T> work) {
        if (current.isBound()) {
            return work.apply(current.get());
        }
        return reads.withHandle(work::apply);
    }

    @Override
    public void close() {
        reader.close();
        writer.close();
    }

    @Override
    public String toString() {
        return "Database{" + kind + "}";
    }

    private static HikariDataSource sqlitePool(Path file, int size, boolean readers) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(readers ? "sqlite-readers" : "sqlite-writer");
        config.setJdbcUrl("jdbc:sqlite:" + file);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(60_000);
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("busy_timeout", "60000");
        config.addDataSourceProperty("foreign_keys", "true");
        config.addDataSourceProperty("cache_size", "-16000");
        if (!readers) {
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        }
        return new HikariDataSource(config);
    }
}
