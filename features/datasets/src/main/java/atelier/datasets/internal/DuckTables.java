package atelier.datasets.internal;

import atelier.datasets.Preview;
import atelier.datasets.Profile;
import atelier.datasets.TableEngine;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Semaphore;

/// [TableEngine] by DuckDB. A table is read once into a DuckDB file of its own (columns, compressed), which later pages
/// and profiles use; those files are a cache, bounded in bytes, empty at start.
///
/// DuckDB works fenced: 256 MB and two threads each, two at a time, no network, no extensions, no file but those of
/// its own folder.
public final class DuckTables implements TableEngine {
    private static final int AT_ONCE = 2;
    private final Blobs blobs;
    private final InstantSource clock;
    private final TableCache cache;
    private final Semaphore slots = new Semaphore(AT_ONCE, true);

    /// @param folder belongs to this object alone; what is in it is removed
    /// @param cacheBytes how much the cached tables may take
    public DuckTables(Blobs blobs, Path folder, long cacheBytes, InstantSource clock) throws IOException {
        this.blobs = blobs;
        this.clock = clock;
        this.cache = new TableCache(folder, cacheBytes);
    }

    @Override
    public Profile profile(Source source) {
        long started = clock.millis();
        return with(source, connection -> {
            ProfileQuery query = new ProfileQuery(connection);
            long rows = query.rows();
            List<Profile.Column> columns = query.columns(rows);
            return new Profile(
                    rows,
                    columns,
                    rows > Profile.EXACT_ROWS,
                    Math.max(1, clock.millis() - started),
                    source.label(),
                    source.bytes());
        });
    }

    @Override
    public Preview preview(Source source, long offset, int limit) {
        return with(source, connection -> new PreviewQuery(connection).page(offset, limit));
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T with(Source source, Work<T> work) {
        slots.acquireUninterruptibly();
        try (TableCache.Use use = cache.use(source.key(), file -> ingest(source, file));
                Connection connection = connect(use.file(), true)) {
            return work.on(connection);
        } catch (SQLException e) {
            throw said(source, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            slots.release();
        }
    }

    private void ingest(Source source, Path target) throws IOException {
        Path folder = Files.createTempDirectory(cache.folder(), "in-");
        try {
            List<Path> copies = new ArrayList<>();
            TableFormat format = copy(source, folder, copies);
            try (Connection connection = connect(target, false)) {
                new TableReader(connection, source.label()).create(format, copies);
            }
        } catch (SQLException e) {
            throw said(source, e);
        } finally {
            TableCache.deleteTree(folder);
        }
    }

    private TableFormat copy(Source source, Path folder, List<Path> copies) throws IOException {
        TableFormat format = null;
        for (Blob blob : source.blobs()) {
            if (blob.size() == 0) {
                throw new Problem.Invalid("NotATable", "'" + source.label() + "' is empty.", null);
            }
            String name = blob.path().name();
            Path copy = folder.resolve("part" + copies.size());
            try (InputStream in = blobs.open(blob.path())) {
                Files.copy(in, copy);
            }
            TableFormat its = TableFormat.of(name).orElse(TableFormat.CSV);
            if (its == TableFormat.CSV && !name.endsWith(".gz")) {
                TableReader.requireText(copy, source.label());
            }
            copies.add(Files.move(copy, folder.resolve("part" + copies.size() + its.ending(name))));
            format = its;
        }
        return format == null ? TableFormat.CSV : format;
    }

    private Connection connect(Path file, boolean readOnly) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("memory_limit", "256MB");
        settings.setProperty("threads", "2");
        settings.setProperty("temp_directory", cache.folder().resolve("spill").toString());
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty(
                "allowed_directories", "['" + cache.folder().toString().replace("'", "''") + "']");
        if (readOnly) {
            settings.setProperty("duckdb.read_only", "true");
        }
        Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, settings);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET enable_external_access=false");
            statement.execute("SET lock_configuration=true");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private Problem said(Source source, SQLException e) {
        String message = String.valueOf(e.getMessage()).replace(cache.folder().toString(), "");
        if (message.contains("No space left")) {
            return new Problem.Unavailable(
                    "InsufficientStorage",
                    "The disk of the data folder is full; '" + source.label() + "' was not read.",
                    e);
        }
        if (message.startsWith("Out of Memory")) {
            return new Problem.TooLarge(
                    "TableTooLarge", "'" + source.label() + "' needs more memory than a profile may take (256 MB).");
        }
        List<String> lines = message.lines()
                .filter(line -> !line.isBlank())
                .limit(3)
                .map(line -> line.length() > 300 ? line.substring(0, 300) + "..." : line)
                .toList();
        return new Problem.Invalid(
                "NotATable", "'" + source.label() + "' cannot be read as a table: " + String.join(" ", lines), null);
    }
}
