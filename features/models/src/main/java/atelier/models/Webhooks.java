package atelier.models;

import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.PageToken;
import atelier.models.internal.SqlWebhooks;
import atelier.models.internal.SqlWebhooks.Delivery;
import atelier.models.internal.WebhookTargets;
import atelier.store.Database;
import atelier.vault.Vault;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of webhooks (mlflow/store/model_registry, mlflow/webhooks). What happens is written into the list of
/// deliveries in the transaction in which it happens; [Deliveries] sends it.
public final class Webhooks {
    private static final Pattern NAME = Pattern.compile("(?i)(?=.{1,63}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx").withZone(ZoneOffset.UTC);
    private final Database database;
    private final SqlWebhooks store;
    private final Vault vault;
    private final WebhookTargets targets;
    private final InstantSource clock;
    private final Ids ids;

    Webhooks(Database database, SqlWebhooks store, Vault vault, WebhookTargets targets, InstantSource clock, Ids ids) {
        this.database = database;
        this.store = store;
        this.vault = vault;
        this.targets = targets;
        this.clock = clock;
        this.ids = ids;
    }

    /// What is asked for; null leaves a field as it is (or without a value in a new one).
    public record Wish(
            @Nullable String name,
            @Nullable String url,
            @Nullable String description,
            @Nullable List<WebhookEvent> events,
            @Nullable String secret,
            @Nullable Boolean active) {}

    /// @param status of the answer; null when there was none
    /// @param error null when there was an answer
    public record TestResult(
            boolean success,
            @Nullable Integer status,
            @Nullable String body,
            @Nullable String error) {}

    /// @param wish with name, url and events
    public Webhook create(Workspace workspace, Wish wish) {
        long now = clock.millis();
        Webhook made =
                checked(merged(new Webhook(ids.guid(), "", "", null, List.of(), true, now, now), wish), wish.url());
        database.useTransaction(handle -> {
            store.put(handle, workspace.id(), made);
            keep(workspace, made.id(), wish.secret());
        });
        return made;
    }

    public Webhook get(Workspace workspace, String id) {
        return database.read(handle -> get(handle, workspace, id));
    }

    private Webhook get(Handle handle, Workspace workspace, String id) {
        return store.find(handle, workspace.id(), id)
                .orElseThrow(
                        () -> new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "Webhook with ID " + id + " not found."));
    }

    /// Newest first.
    public Page<Webhook> list(Workspace workspace, int max, @Nullable String token) {
        int offset = PageToken.offset(token);
        List<Webhook> found = store.page(workspace.id(), max, offset);
        return found.size() > max ? new Page<>(found.subList(0, max), PageToken.of(offset + max)) : Page.last(found);
    }

    public Webhook update(Workspace workspace, String id, Wish wish) {
        get(workspace, id);
        targets.check(wish.url());
        return database.inTransaction(handle -> {
            Webhook changed = checked(merged(get(handle, workspace, id), wish), null);
            store.put(handle, workspace.id(), changed);
            keep(workspace, id, wish.secret());
            return changed;
        });
    }

    /// What is not delivered yet goes too.
    public void delete(Workspace workspace, String id) {
        database.useTransaction(handle -> {
            get(handle, workspace, id);
            store.delete(handle, workspace.id(), id);
            vault.delete(workspace, secretName(id));
        });
    }

    /// Delivers made-up data at once, one try.
    ///
    /// @param event null takes the first of the webhook
    public TestResult test(Workspace workspace, String id, @Nullable WebhookEvent event) {
        Webhook webhook = get(workspace, id);
        WebhookEvent sent = event == null ? webhook.events().getFirst() : event;
        String body = body(sent, sent.example());
        try {
            WebhookTargets.Reply reply =
                    send(workspace, webhook, new Delivery(ids.guid(), workspace.id(), id, sent.toString(), body, 0, 0));
            return new TestResult(reply.status() < 300, reply.status(), reply.body(), null);
        } catch (IOException e) {
            return new TestResult(false, null, null, "Failed to test webhook: " + e.getMessage());
        }
    }

    /// Notes for all webhooks that want it that something happened.
    void happened(
            Handle handle,
            Workspace workspace,
            WebhookEvent.Entity entity,
            WebhookEvent.Action action,
            ObjectNode data) {
        WebhookEvent event = new WebhookEvent(entity, action);
        List<Webhook> wanting = store.all(handle, workspace.id()).stream()
                .filter(webhook -> webhook.wants(event))
                .toList();
        if (wanting.isEmpty()) {
            return;
        }
        String body = body(event, data);
        long now = clock.millis();
        for (Webhook webhook : wanting) {
            store.add(handle, new Delivery(ids.guid(), workspace.id(), webhook.id(), event.toString(), body, 0, now));
        }
    }

    /// One try.
    ///
    /// @throws IOException when there is no answer, or the address may not be reached
    WebhookTargets.Reply send(Workspace workspace, Webhook webhook, Delivery delivery) throws IOException {
        return targets.post(
                webhook.url(),
                delivery.id(),
                delivery.body(),
                clock.instant().getEpochSecond(),
                vault.get(workspace, secretName(webhook.id())));
    }

    Optional<Webhook> find(Workspace workspace, String id) {
        return database.read(handle -> store.find(handle, workspace.id(), id));
    }

    private String body(WebhookEvent event, ObjectNode data) {
        ObjectNode body = Json.object()
                .put("entity", event.entity().word())
                .put("action", event.action().word())
                .put("timestamp", TIME.format(clock.instant()));
        body.set("data", data);
        return Json.write(body);
    }

    /// An empty secret takes the old one away.
    private void keep(Workspace workspace, String id, @Nullable String secret) {
        if (secret == null) {
            return;
        }
        if (secret.isEmpty()) {
            vault.delete(workspace, secretName(id));
        } else {
            vault.put(workspace, secretName(id), secret);
        }
    }

    private static String secretName(String id) {
        return "webhooks/" + id;
    }

    private Webhook merged(Webhook old, Wish wish) {
        String name = wish.name();
        String url = wish.url();
        String description = wish.description();
        List<WebhookEvent> events = wish.events();
        Boolean active = wish.active();
        return new Webhook(
                old.id(),
                name == null ? old.name() : name,
                url == null ? old.url() : url,
                description == null ? old.description() : description.isEmpty() ? null : description,
                events == null ? old.events() : events,
                active == null ? old.active() : active,
                old.createdAt(),
                // Clients tell a change by a greater time.
                old.name().isEmpty() ? old.updatedAt() : Math.max(clock.millis(), old.updatedAt() + 1));
    }

    /// @param url checked too when given; looking up its host may take a moment
    private Webhook checked(Webhook webhook, @Nullable String url) {
        if (!NAME.matcher(webhook.name()).matches()) {
            throw MlflowRequest.invalid("Webhook name '" + webhook.name()
                    + "' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and"
                    + " contain only letters, digits, dots (.), underscores (_), and hyphens (-).");
        }
        if (webhook.events().isEmpty()) {
            throw MlflowRequest.invalid("Webhook events cannot be empty");
        }
        targets.check(url);
        return webhook;
    }
}
