package atelier.models.internal;

import atelier.models.Webhook;
import atelier.models.WebhookEvent;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Tables `webhook` and `webhook_delivery`.
public final class SqlWebhooks {
    private static final String SELECT =
            "SELECT id, name, url, description, events, status, created_at, updated_at FROM webhook WHERE workspace = ?";
    private final Database database;

    public SqlWebhooks(Database database) {
        this.database = database;
    }

    /// @param workspace key of the workspace
    /// @param tries how often it was tried
    /// @param dueAt the next try; epoch milliseconds
    public record Delivery(
            String id, String workspace, String webhook, String event, String body, int tries, long dueAt) {}

    public void put(Handle handle, String workspace, Webhook webhook) {
        handle.execute(
                "INSERT INTO webhook (workspace, id, name, url, description, events, status, created_at, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, id) DO UPDATE SET"
                        + " name = excluded.name, url = excluded.url, description = excluded.description,"
                        + " events = excluded.events, status = excluded.status, updated_at = excluded.updated_at",
                workspace,
                webhook.id(),
                webhook.name(),
                webhook.url(),
                webhook.description(),
                webhook.events().stream().map(WebhookEvent::toString).collect(Collectors.joining(",")),
                webhook.active() ? "ACTIVE" : "DISABLED",
                webhook.createdAt(),
                webhook.updatedAt());
    }

    public Optional<Webhook> find(Handle handle, String workspace, String id) {
        return handle.select(SELECT + " AND id = ?", workspace, id)
                .map((row, _) -> webhook(row))
                .findOne();
    }

    public List<Webhook> all(Handle handle, String workspace) {
        return handle.select(SELECT + " ORDER BY created_at, id", workspace)
                .map((row, _) -> webhook(row))
                .list();
    }

    /// Newest first; at most one more than asked for.
    public List<Webhook> page(String workspace, int max, int offset) {
        return database.read(handle -> handle.select(
                        SELECT + " ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?", workspace, max + 1, offset)
                .map((row, _) -> webhook(row))
                .list());
    }

    public void delete(Handle handle, String workspace, String id) {
        handle.execute("DELETE FROM webhook_delivery WHERE workspace = ? AND webhook = ?", workspace, id);
        handle.execute("DELETE FROM webhook WHERE workspace = ? AND id = ?", workspace, id);
    }

    public void add(Handle handle, Delivery delivery) {
        handle.execute(
                "INSERT INTO webhook_delivery (id, workspace, webhook, event, body, tries, due_at, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                delivery.id(),
                delivery.workspace(),
                delivery.webhook(),
                delivery.event(),
                delivery.body(),
                delivery.tries(),
                delivery.dueAt(),
                delivery.dueAt());
    }

    /// Those due longest.
    public List<Delivery> due(long now, int max) {
        return database.read(handle -> handle.select(
                        "SELECT id, workspace, webhook, event, body, tries, due_at FROM webhook_delivery"
                                + " WHERE due_at <= ? ORDER BY due_at, id LIMIT ?",
                        now,
                        max)
                .map((row, _) -> new Delivery(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getInt(6),
                        row.getLong(7)))
                .list());
    }

    /// False when another server took it.
    public boolean take(Handle handle, Delivery delivery, long until) {
        return handle.execute(
                        "UPDATE webhook_delivery SET tries = tries + 1, due_at = ? WHERE id = ? AND due_at = ?",
                        until,
                        delivery.id(),
                        delivery.dueAt())
                == 1;
    }

    public void later(Handle handle, String id, long due) {
        handle.execute("UPDATE webhook_delivery SET due_at = ? WHERE id = ?", due, id);
    }

    public void done(Handle handle, String id) {
        handle.execute("DELETE FROM webhook_delivery WHERE id = ?", id);
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                WebhookEvent.parseAll(row.getString(5)),
                row.getString(6).equals("ACTIVE"),
                row.getLong(7),
                row.getLong(8));
    }
}
