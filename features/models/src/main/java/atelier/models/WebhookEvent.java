package atelier.models;

import atelier.kernel.Json;
import atelier.mlflow.MlflowRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What a webhook may be told of: an entity and what happened to it (mlflow/entities/webhook.py).
public record WebhookEvent(Entity entity, Action action) {
    private static final Map<Entity, List<Action>> KNOWN = Map.of(
            Entity.REGISTERED_MODEL, List.of(Action.CREATED),
            Entity.MODEL_VERSION, List.of(Action.CREATED),
            Entity.MODEL_VERSION_TAG, List.of(Action.DELETED, Action.SET),
            Entity.MODEL_VERSION_ALIAS, List.of(Action.CREATED, Action.DELETED),
            Entity.PROMPT, List.of(Action.CREATED),
            Entity.PROMPT_VERSION, List.of(Action.CREATED),
            Entity.PROMPT_TAG, List.of(Action.DELETED, Action.SET),
            Entity.PROMPT_VERSION_TAG, List.of(Action.DELETED, Action.SET),
            Entity.PROMPT_ALIAS, List.of(Action.CREATED, Action.DELETED),
            Entity.BUDGET_POLICY, List.of(Action.EXCEEDED));

    /// In the order of their numbers on the wire, from 1.
    public enum Entity {
        REGISTERED_MODEL,
        MODEL_VERSION,
        MODEL_VERSION_TAG,
        MODEL_VERSION_ALIAS,
        PROMPT,
        PROMPT_VERSION,
        PROMPT_TAG,
        PROMPT_VERSION_TAG,
        PROMPT_ALIAS,
        /// Can be asked for, as in MLflow; nothing here has a budget, so that it never happens.
        BUDGET_POLICY;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// In the order of their numbers on the wire, from 1.
    public enum Action {
        CREATED,
        UPDATED,
        DELETED,
        SET,
        EXCEEDED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public WebhookEvent {
        List<Action> actions = KNOWN.getOrDefault(entity, List.of());
        if (!actions.contains(action)) {
            throw MlflowRequest.invalid("Invalid action '" + action.word() + "' for entity '" + entity.word()
                    + "'. Valid actions are: "
                    + actions.stream().map(a -> "'" + a.word() + "'").toList());
        }
    }

    /// `model_version.created`.
    @Override
    public String toString() {
        return entity.word() + "." + action.word();
    }

    static WebhookEvent parse(String text) {
        String[] words = text.toUpperCase(Locale.ROOT).split("\\.");
        return new WebhookEvent(Entity.valueOf(words[0]), Action.valueOf(words[1]));
    }

    /// Comma-separated, as they are kept.
    public static List<WebhookEvent> parseAll(String text) {
        return Stream.of(text.split(",")).map(WebhookEvent::parse).toList();
    }

    /// What a test delivery says: made-up data of the same fields as a real one.
    ObjectNode example() {
        boolean prompt = entity.name().startsWith("PROMPT");
        ObjectNode data = Json.object().put("name", prompt ? "example_prompt" : "example_model");
        switch (entity) {
            case REGISTERED_MODEL, PROMPT -> described(data);
            case MODEL_VERSION ->
                described(data.put("version", "1").put("source", "models:/123").put("run_id", "abcd1234abcd5678"));
            case PROMPT_VERSION -> described(data.put("version", "1").put("template", "Hello {{name}}!"));
            case MODEL_VERSION_TAG, PROMPT_VERSION_TAG -> tag(data.put("version", "1"));
            case PROMPT_TAG -> tag(data);
            case MODEL_VERSION_ALIAS, PROMPT_ALIAS -> {
                data.put("alias", "example_alias");
                if (action == Action.CREATED) {
                    data.put("version", "1");
                }
            }
            case BUDGET_POLICY -> {
                data.remove("name");
                data.put("budget_policy_id", "bp-abc123")
                        .put("budget_unit", "USD")
                        .put("budget_amount", 100.0)
                        .put("current_spend", 105.5);
            }
        }
        return data;
    }

    private static void described(ObjectNode data) {
        data.putObject("tags").put("example_key", "example_value");
        data.put("description", "An example");
    }

    private void tag(ObjectNode data) {
        data.put("key", "example_key");
        if (action == Action.SET) {
            data.put("value", "example_value");
        }
    }
}
