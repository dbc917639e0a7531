package atelier.models;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An address that is told of events of the registry. Its secret is in the vault and never told.
///
/// @param createdAt, updatedAt epoch milliseconds
public record Webhook(
        String id,
        String name,
        String url,
        @Nullable String description,
        List<WebhookEvent> events,
        boolean active,
        long createdAt,
        long updatedAt) {
    public Webhook {
        events = List.copyOf(events);
    }

    public boolean wants(WebhookEvent event) {
        return active && events.contains(event);
    }
}
