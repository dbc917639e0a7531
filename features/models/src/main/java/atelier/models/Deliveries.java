package atelier.models;

import atelier.models.internal.SqlWebhooks;
import atelier.models.internal.SqlWebhooks.Delivery;
import atelier.models.internal.WebhookTargets;
import atelier.store.Database;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what webhooks are to be told. What is to be sent is in the database until it was answered, so that neither a
/// crash nor a receiver that is away loses it: it is tried again after 1, 2, 4 … seconds (at most 15 minutes), fifteen
/// times, which is some two hours. A receiver may get the same delivery twice, under the same id.
public final class Deliveries {
    static final int MOST_TRIES = 15;
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    /// A try that has not ended by then was lost with its server.
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final int AT_ONCE = 10;
    private final Database database;
    private final SqlWebhooks store;
    private final Webhooks webhooks;
    private final Workspaces workspaces;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(AT_ONCE);

    Deliveries(Database database, SqlWebhooks store, Webhooks webhooks, Workspaces workspaces, InstantSource clock) {
        this.database = database;
        this.store = store;
        this.webhooks = webhooks;
        this.workspaces = workspaces;
        this.clock = clock;
    }

    /// Takes what is due and has `sender` send it, at most ten at once; call it every second. Several servers of one
    /// database share the work.
    public void sendDue(Executor sender) {
        int room = free.availablePermits();
        if (room == 0) {
            return;
        }
        for (Delivery due : store.due(clock.millis(), room)) {
            if (!free.tryAcquire()) {
                return;
            }
            boolean mine = false;
            try {
                long lease = clock.millis() + LEASE.toMillis();
                mine = database.inTransaction(handle -> store.take(handle, due, lease));
                if (mine) {
                    sender.execute(() -> {
                        try {
                            send(due);
                        } finally {
                            free.release();
                        }
                    });
                }
            } finally {
                if (!mine) {
                    free.release();
                }
            }
        }
    }

    private void send(Delivery delivery) {
        int tries = delivery.tries() + 1;
        String failure;
        boolean again = true;
        long wait = Math.min(1000L << Math.min(tries - 1, 20), LONGEST_WAIT.toMillis());
        try {
            Workspace workspace = workspaces.byId(delivery.workspace());
            Optional<Webhook> webhook = webhooks.find(workspace, delivery.webhook());
            if (webhook.isEmpty() || !webhook.get().active()) {
                done(delivery);
                return;
            }
            WebhookTargets.Reply reply = webhooks.send(workspace, webhook.get(), delivery);
            if (reply.status() < 300) {
                done(delivery);
                return;
            }
            failure = "answered " + reply.status();
            again = reply.status() == 429 || reply.status() >= 500;
            wait = Math.max(wait, Math.min(reply.retryAfterMillis(), LONGEST_WAIT.toMillis()));
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Delivery {} broke", delivery.id(), e);
            failure = e.toString();
        }
        if (!again || tries >= MOST_TRIES) {
            LOG.warn(
                    "Webhook {} is not told of {} (delivery {}), after {} tries: {}",
                    delivery.webhook(),
                    delivery.event(),
                    delivery.id(),
                    tries,
                    failure);
            done(delivery);
            return;
        }
        LOG.info("Webhook {} did not take delivery {}: {}", delivery.webhook(), delivery.id(), failure);
        long due = clock.millis() + wait;
        database.useTransaction(handle -> store.later(handle, delivery.id(), due));
    }

    private void done(Delivery delivery) {
        database.useTransaction(handle -> store.done(handle, delivery.id()));
    }
}
