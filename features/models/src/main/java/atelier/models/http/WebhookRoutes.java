package atelier.models.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.number;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.text;

import atelier.kernel.Page;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.models.Webhook;
import atelier.models.WebhookEvent;
import atelier.models.Webhooks;
import atelier.web.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// `webhooks/*` of MLflow's REST API (webhooks.proto).
public final class WebhookRoutes {
    private static final Map<String, WebhookEvent.Entity> ENTITIES = numbered(WebhookEvent.Entity.values());
    private static final Map<String, WebhookEvent.Action> ACTIONS = numbered(WebhookEvent.Action.values());
    private static final int PAGE = 100;
    private static final int LONGEST_PAGE = 1000;
    private final Webhooks webhooks;

    private enum Status {
        ACTIVE,
        DISABLED
    }

    private static final Map<String, Status> STATUSES = numbered(Status.values());

    public WebhookRoutes(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    public void mount(MlflowRoutes routes) {
        routes.call("POST", "webhooks", this::create)
                .call("GET", "webhooks", this::page)
                .call("GET", "webhooks/{id}", request -> told(webhooks.get(request.workspace(), id(request))))
                .call("PATCH", "webhooks/{id}", this::update)
                .call("DELETE", "webhooks/{id}", this::delete)
                .call("POST", "webhooks/{id}/test", this::test);
    }

    private Response create(MlflowRequest request) {
        request.required("name");
        request.required("url");
        if (request.items("events").isEmpty()) {
            throw request.missing("events");
        }
        return told(webhooks.create(request.workspace(), wish(request)));
    }

    private Response update(MlflowRequest request) {
        return told(webhooks.update(request.workspace(), id(request), wish(request)));
    }

    /// An empty name, url or list of events counts as absent, as in MLflow.
    private static Webhooks.Wish wish(MlflowRequest request) {
        List<WebhookEvent> events = new ArrayList<>();
        for (MlflowRequest item : request.items("events")) {
            WebhookEvent event = event(item);
            if (!events.contains(event)) {
                events.add(event);
            }
        }
        Status status = request.choice("status", STATUSES);
        if (status == null && request.has("status")) {
            throw MlflowRequest.invalid("Invalid value for parameter 'status' supplied. It is ACTIVE or DISABLED.");
        }
        return new Webhooks.Wish(
                filled(request.text("name")),
                filled(request.text("url")),
                request.text("description"),
                events.isEmpty() ? null : events,
                request.text("secret"),
                status == null ? null : status == Status.ACTIVE);
    }

    private static @Nullable String filled(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static WebhookEvent event(MlflowRequest item) {
        WebhookEvent.Entity entity = item.choice("entity", ENTITIES);
        WebhookEvent.Action action = item.choice("action", ACTIONS);
        if (entity == null || action == null) {
            String field = entity == null ? "entity" : "action";
            if (!item.has(field)) {
                throw item.missing(field);
            }
            throw MlflowRequest.invalid("Invalid value for parameter '" + item.path(field)
                    + "' supplied. It is one of "
                    + (entity == null ? List.of(WebhookEvent.Entity.values()) : List.of(WebhookEvent.Action.values()))
                    + ".");
        }
        return new WebhookEvent(entity, action);
    }

    private Response page(MlflowRequest request) {
        long max = request.integer("max_results", PAGE);
        if (max < 1 || max > LONGEST_PAGE) {
            throw MlflowRequest.invalid("max_results must be between 1 and 1000.");
        }
        Page<Webhook> page = webhooks.list(request.workspace(), (int) max, request.text("page_token"));
        return answer(json -> {
            list(json, "webhooks", page.items(), WebhookRoutes::write);
            text(json, "next_page_token", page.next());
        });
    }

    private Response delete(MlflowRequest request) {
        webhooks.delete(request.workspace(), id(request));
        return nothing();
    }

    private Response test(MlflowRequest request) {
        Webhooks.TestResult result = webhooks.test(
                request.workspace(), id(request), request.has("event") ? event(request.item("event")) : null);
        return answer(json -> object(json, "result", j -> {
            j.writeBooleanProperty("success", result.success());
            Integer status = result.status();
            if (status != null) {
                j.writeNumberProperty("response_status", status);
            }
            text(j, "response_body", result.body());
            text(j, "error_message", result.error());
        }));
    }

    private static String id(MlflowRequest request) {
        return request.exchange().path("id");
    }

    private static Response told(Webhook webhook) {
        return answer(json -> object(json, "webhook", j -> write(j, webhook)));
    }

    private static void write(JsonGenerator json, Webhook webhook) {
        text(json, "webhook_id", webhook.id());
        text(json, "name", webhook.name());
        text(json, "description", webhook.description());
        text(json, "url", webhook.url());
        list(json, "events", webhook.events(), (j, event) -> {
            text(j, "entity", event.entity().name());
            text(j, "action", event.action().name());
        });
        text(json, "status", webhook.active() ? "ACTIVE" : "DISABLED");
        number(json, "creation_timestamp", webhook.createdAt());
        number(json, "last_updated_timestamp", webhook.updatedAt());
    }

    /// By name, and by number as protobuf counts: from 1.
    private static <E extends Enum<E>> Map<String, E> numbered(E[] values) {
        Map<String, E> map = new HashMap<>();
        for (E value : values) {
            map.put(value.name(), value);
            map.put(Integer.toString(value.ordinal() + 1), value);
        }
        return Map.copyOf(map);
    }
}
