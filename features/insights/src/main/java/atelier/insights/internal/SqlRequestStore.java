package atelier.insights.internal;

import atelier.insights.RequestStore;
import atelier.insights.Requests;
import atelier.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Table `request_log`.
public final class SqlRequestStore implements RequestStore {
    private static final long PER_MILLISECOND = 1_000_000;
    private final Database database;
    private final AtomicLong seq;

    /// @param started when this server started; numbers go on from there, so that they never repeat
    public SqlRequestStore(Database database, Instant started) {
        this.database = database;
        this.seq = new AtomicLong(started.toEpochMilli() * PER_MILLISECOND);
    }

    @Override
    public void add(List<Requests.Request> requests) {
        database.useTransaction(handle -> {
            var batch = handle.prepareBatch(
                    "INSERT INTO request_log"
                            + " (workspace_id, endpoint, at, seq, deployment, latency_us, status) VALUES (?, ?, ?, ?, ?, ?, ?)");
            for (Requests.Request request : requests) {
                batch.add(
                        request.workspaceId(),
                        request.endpoint(),
                        request.at().toEpochMilli(),
                        seq.incrementAndGet(),
                        request.deployment(),
                        request.latency().toNanos() / 1000,
                        request.status());
            }
            batch.execute();
        });
    }

    @Override
    public void read(String workspaceId, String endpoint, Instant since, Reader reader) {
        database.read(handle -> handle.createQuery("SELECT at, latency_us, status FROM request_log"
                        + " WHERE workspace_id = ? AND endpoint = ? AND at >= ? ORDER BY at, seq")
                .bind(0, workspaceId)
                .bind(1, endpoint)
                .bind(2, since.toEpochMilli())
                .setFetchSize(1000)
                .scanResultSet((rows, _) -> {
                    try (var open = rows.get()) {
                        while (open.next()) {
                            reader.row(open.getLong(1), open.getLong(2), open.getInt(3));
                        }
                    }
                    return Boolean.TRUE;
                }));
    }

    @Override
    public int deleteBefore(Instant before) {
        return database.inTransaction(
                handle -> handle.execute("DELETE FROM request_log WHERE at < ?", before.toEpochMilli()));
    }
}
