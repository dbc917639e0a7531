package atelier.storage.internal;

import atelier.kernel.Json;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.BlobStore;
import atelier.storage.Container;
import atelier.storage.Segment;
import atelier.store.Database;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import tools.jackson.core.type.TypeReference;

/// [BlobStore] on SQLite and PostgreSQL. SQLite has one writer at a time, so locks are for PostgreSQL only.
public final class SqlBlobStore implements BlobStore {
    private static final TypeReference<Map<String, String>> METADATA = new TypeReference<>() {};
    private static final String CONTAINER = "SELECT name, etag, metadata, modified_at FROM blob_container ";
    private static final String BLOB =
            "SELECT container, name, etag, size, content_type, content_encoding, content_language, content_disposition,"
                    + " cache_control, md5, metadata, created_at, modified_at FROM blob ";
    private static final String OF_BLOB = " WHERE container = :container AND name = :name";
    private static final String BELOW = " WHERE container = :container AND name >= :from AND name < :to";

    private final Database database;

    public SqlBlobStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean insertContainer(Container container) {
        return update(
                        "INSERT INTO blob_container (name, etag, metadata, modified_at)"
                                + " VALUES (:name, :etag, :metadata, :modified) ON CONFLICT (name) DO NOTHING",
                        container)
                == 1;
    }

    @Override
    public void updateContainer(Container container) {
        update(
                "UPDATE blob_container SET etag = :etag, metadata = :metadata, modified_at = :modified WHERE name = :name",
                container);
    }

    private int update(String sql, Container container) {
        return database.inTransaction(handle -> handle.createUpdate(sql)
                .bind("name", container.name())
                .bind("etag", container.etag())
                .bind("metadata", Json.write(container.metadata()))
                .bind("modified", container.modifiedAt().toEpochMilli())
                .execute());
    }

    @Override
    public Optional<Container> container(String name) {
        return container(name, "");
    }

    @Override
    public Optional<Container> holdContainer(String name) {
        return container(name, postgresql() ? " FOR KEY SHARE" : "");
    }

    @Override
    public Optional<Container> lockContainer(String name) {
        return container(name, postgresql() ? " FOR UPDATE" : "");
    }

    private Optional<Container> container(String name, String lock) {
        return database.read(handle -> handle.createQuery(CONTAINER + "WHERE name = :name" + lock)
                .bind("name", name)
                .map((row, _) -> container(row))
                .findOne());
    }

    @Override
    public List<Container> containers(String prefix, String from, int max) {
        // Container names are plain ASCII, but PostgreSQL's collation may still order '-' its own way; few rows, so
        // they are ordered here.
        return database.read(handle -> handle.createQuery(CONTAINER).map((row, _) -> container(row)).stream()
                .filter(c -> c.name().startsWith(prefix) && c.name().compareTo(from) >= 0)
                .sorted(java.util.Comparator.comparing(Container::name))
                .limit(max)
                .toList());
    }

    @Override
    public void deleteContainer(String name) {
        database.useTransaction(handle -> handle.execute("DELETE FROM blob_container WHERE name = ?", name));
    }

    @Override
    public void lock(BlobPath path) {
        if (postgresql()) {
            database.useTransaction(handle -> handle.createQuery(
                            "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(:path, 0))) AS held")
                    .bind("path", path.toString())
                    .mapTo(Integer.class)
                    .one());
        }
    }

    @Override
    public Optional<Blob> find(BlobPath path) {
        return database.read(handle -> of(handle.createQuery(BLOB + OF_BLOB), path)
                .map((row, _) -> blob(row))
                .findOne());
    }

    @Override
    public void save(Blob blob) {
        database.useTransaction(handle -> of(
                        handle,
                        "INSERT INTO blob (container, name, etag, size, content_type,"
                                + " content_encoding, content_language, content_disposition, cache_control, md5, metadata,"
                                + " created_at, modified_at) VALUES (:container, :name, :etag, :size, :type, :encoding, :language,"
                                + " :disposition, :cache, :md5, :metadata, :created, :modified)"
                                + " ON CONFLICT (container, name) DO UPDATE SET etag = :etag, size = :size, content_type = :type,"
                                + " content_encoding = :encoding, content_language = :language,"
                                + " content_disposition = :disposition, cache_control = :cache, md5 = :md5,"
                                + " metadata = :metadata, created_at = :created, modified_at = :modified",
                        blob.path())
                .bind("etag", blob.etag())
                .bind("size", blob.size())
                .bind("type", blob.contentType())
                .bind("encoding", blob.contentEncoding())
                .bind("language", blob.contentLanguage())
                .bind("disposition", blob.contentDisposition())
                .bind("cache", blob.cacheControl())
                .bind("md5", blob.md5())
                .bind("metadata", Json.write(blob.metadata()))
                .bind("created", blob.createdAt().toEpochMilli())
                .bind("modified", blob.modifiedAt().toEpochMilli())
                .execute());
    }

    @Override
    public boolean remove(BlobPath path) {
        return database.inTransaction(handle -> {
            of(handle, "DELETE FROM blob_segment" + OF_BLOB, path).execute();
            return of(handle, "DELETE FROM blob" + OF_BLOB, path).execute() == 1;
        });
    }

    @Override
    public List<Segment> segments(BlobPath path) {
        return database.read(handle -> of(
                        handle.createQuery(
                                "SELECT content, size, block_id FROM blob_segment" + OF_BLOB + " ORDER BY ordinal"),
                        path)
                .map((row, _) -> segment(row))
                .list());
    }

    @Override
    public void replaceSegments(BlobPath path, List<Segment> segments) {
        database.useTransaction(handle -> {
            of(handle, "DELETE FROM blob_segment" + OF_BLOB, path).execute();
            if (segments.isEmpty()) {
                return;
            }
            PreparedBatch batch =
                    handle.prepareBatch("INSERT INTO blob_segment (container, name, ordinal, content, size,"
                            + " block_id) VALUES (:container, :name, :ordinal, :content, :size, :block)");
            for (int i = 0; i < segments.size(); i++) {
                Segment segment = segments.get(i);
                batch.bind("container", path.container())
                        .bind("name", utf8(path.name()))
                        .bind("ordinal", i)
                        .bind("content", segment.content())
                        .bind("size", segment.size())
                        .bind("block", segment.blockId())
                        .add();
            }
            batch.execute();
        });
    }

    @Override
    public List<Blob> range(String container, String prefix, byte[] from, int max) {
        byte[] start = utf8(prefix);
        return database.read(handle -> handle.createQuery(BLOB + BELOW + " ORDER BY name LIMIT :max")
                .bind("container", container)
                .bind("from", Arrays.compareUnsigned(from, start) > 0 ? from : start)
                .bind("to", above(start))
                .bind("max", max)
                .map((row, _) -> blob(row))
                .list());
    }

    @Override
    public Removed removeBelow(String container, String prefix) {
        byte[] from = utf8(prefix);
        return database.inTransaction(handle -> {
            List<String> contents = new ArrayList<>();
            for (String table : List.of("blob_segment", "blob_block")) {
                contents.addAll(handle.createQuery("SELECT content FROM " + table + BELOW)
                        .bind("container", container)
                        .bind("from", from)
                        .bind("to", above(from))
                        .mapTo(String.class)
                        .list());
                below(handle, table, container, from);
            }
            return new Removed(below(handle, "blob", container, from), contents);
        });
    }

    private static int below(Handle handle, String table, String container, byte[] from) {
        return handle.createUpdate("DELETE FROM " + table + BELOW)
                .bind("container", container)
                .bind("from", from)
                .bind("to", above(from))
                .execute();
    }

    @Override
    public List<Segment> blocks(BlobPath path) {
        return database.read(handle -> of(
                        handle.createQuery("SELECT content, size, block_id FROM blob_block" + OF_BLOB
                                + " ORDER BY staged_at, block_id"),
                        path)
                .map((row, _) -> segment(row))
                .list());
    }

    @Override
    public void saveBlock(BlobPath path, Segment block, Instant stagedAt) {
        database.useTransaction(handle -> of(
                        handle,
                        "INSERT INTO blob_block (container, name, block_id, content, size, staged_at)"
                                + " VALUES (:container, :name, :block, :content, :size, :staged)"
                                + " ON CONFLICT (container, name, block_id) DO UPDATE SET content = :content,"
                                + " size = :size, staged_at = :staged",
                        path)
                .bind("block", block.blockId())
                .bind("content", block.content())
                .bind("size", block.size())
                .bind("staged", stagedAt.toEpochMilli())
                .execute());
    }

    @Override
    public void removeBlocks(BlobPath path) {
        database.useTransaction(
                handle -> of(handle, "DELETE FROM blob_block" + OF_BLOB, path).execute());
    }

    @Override
    public List<String> removeBlocksStagedBefore(Instant before) {
        return database.inTransaction(handle -> {
            List<String> contents = handle.createQuery("SELECT content FROM blob_block WHERE staged_at < ?")
                    .bind(0, before.toEpochMilli())
                    .mapTo(String.class)
                    .list();
            handle.execute("DELETE FROM blob_block WHERE staged_at < ?", before.toEpochMilli());
            return contents;
        });
    }

    @Override
    public boolean holds(String content) {
        return database.read(handle -> handle.createQuery("SELECT 1 FROM blob_segment WHERE content = :content"
                        + " UNION ALL SELECT 1 FROM blob_block WHERE content = :content LIMIT 1")
                .bind("content", content)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    private boolean postgresql() {
        return database.kind() == Database.Kind.POSTGRESQL;
    }

    private static Update of(Handle handle, String sql, BlobPath path) {
        return handle.createUpdate(sql).bind("container", path.container()).bind("name", utf8(path.name()));
    }

    private static Query of(Query query, BlobPath path) {
        return query.bind("container", path.container()).bind("name", utf8(path.name()));
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /// UTF-8 never has the byte 0xFF, so this is above every name with that prefix.
    private static byte[] above(byte[] prefix) {
        byte[] above = Arrays.copyOf(prefix, prefix.length + 1);
        above[prefix.length] = (byte) 0xff;
        return above;
    }

    private static Container container(ResultSet row) throws SQLException {
        return new Container(
                row.getString("name"),
                row.getString("etag"),
                Json.read(row.getString("metadata"), METADATA),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }

    private static Segment segment(ResultSet row) throws SQLException {
        return new Segment(row.getString("content"), row.getLong("size"), row.getString("block_id"));
    }

    private static Blob blob(ResultSet row) throws SQLException {
        return new Blob(
                new BlobPath(row.getString("container"), new String(row.getBytes("name"), StandardCharsets.UTF_8)),
                row.getString("etag"),
                row.getLong("size"),
                row.getString("content_type"),
                row.getString("content_encoding"),
                row.getString("content_language"),
                row.getString("content_disposition"),
                row.getString("cache_control"),
                row.getString("md5"),
                Json.read(row.getString("metadata"), METADATA),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }
}
