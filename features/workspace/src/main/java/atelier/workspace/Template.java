package atelier.workspace;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// An ARM template with its parameters: evaluates the expressions `[…]` in it (Azure Resource Manager documentation,
/// "Template functions"; those that the workspace templates of Azure's clients use).
final class Template {
    private static final int DEEPEST = 32;
    private final ObjectNode template;
    private final ObjectNode parameters;
    private final ResourceGroup group;

    /// @throws Problem.Invalid `InvalidTemplate` when a parameter without default is missing
    Template(ObjectNode template, ObjectNode parameters, ResourceGroup group) {
        this.template = template;
        this.parameters = parameters;
        this.group = group;
    }

    /// A resource whose condition holds, with every expression in `name`, `type`, `location`, `kind`, `tags`,
    /// `identity`,
    /// `sku` and `properties` evaluated.
    List<ObjectNode> resources() {
        if (!(template.get("resources") instanceof ArrayNode all)) {
            throw invalid("A template needs an array 'resources'.");
        }
        List<ObjectNode> wanted = new ArrayList<>();
        for (JsonNode each : all) {
            if (!(each instanceof ObjectNode resource) || !resource.path("type").isString()) {
                throw invalid("Each entry of 'resources' needs a 'type'.");
            }
            JsonNode condition = resource.path("condition");
            if (!condition.isMissingNode() && !truth(value(condition, 0))) {
                continue;
            }
            ObjectNode evaluated = Json.object();
            for (String part : List.of(
                    "type", "name", "location", "kind", "tags", "identity", "sku", "properties", "apiVersion")) {
                if (resource.has(part) && (part.equals("type") || part.equals("name") || ours(resource))) {
                    evaluated.set(part, value(resource.get(part), 0));
                }
            }
            wanted.add(evaluated);
        }
        return wanted;
    }

    private static boolean ours(ObjectNode resource) {
        return resource.path("type").asString("").startsWith("Microsoft.MachineLearningServices/");
    }

    /// The node with every expression in it evaluated.
    private JsonNode value(JsonNode node, int depth) {
        if (depth > DEEPEST) {
            throw invalid("The template's expressions are nested too deeply.");
        }
        if (node instanceof ObjectNode object) {
            ObjectNode made = Json.object();
            object.properties().forEach(field -> made.set(field.getKey(), value(field.getValue(), depth + 1)));
            return made;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode made = Json.array();
            array.forEach(item -> made.add(value(item, depth + 1)));
            return made;
        }
        String text = node.isString() ? node.stringValue() : "";
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return node;
        }
        if (text.startsWith("[[")) {
            return StringNode.valueOf(text.substring(1));
        }
        return evaluate(TemplateExpression.parse(text.substring(1, text.length() - 1)), depth + 1);
    }

    private JsonNode evaluate(TemplateExpression expression, int depth) {
        if (depth > DEEPEST) {
            throw invalid("The template's expressions are nested too deeply.");
        }
        return switch (expression) {
            case TemplateExpression.Literal literal -> literal.value();
            case TemplateExpression.Member member ->
                evaluate(member.of(), depth + 1).path(member.name());
            case TemplateExpression.Call call -> call(call, depth + 1);
        };
    }

    private JsonNode call(TemplateExpression.Call call, int depth) {
        List<TemplateExpression> given = call.arguments();
        String name = call.function().toLowerCase(Locale.ROOT);
        // `if` takes one branch only: the other may ask for what does not exist.
        if (name.equals("if")) {
            need(call, 3);
            return evaluate(given.get(truth(evaluate(given.getFirst(), depth)) ? 1 : 2), depth);
        }
        List<JsonNode> values =
                given.stream().map(each -> evaluate(each, depth)).toList();
        return switch (name) {
            case "parameters" -> parameter(text(call, values, 0), depth);
            case "variables" -> variable(text(call, values, 0), depth);
            case "and" -> BooleanNode.valueOf(values.stream().allMatch(Template::truth));
            case "or" -> BooleanNode.valueOf(values.stream().anyMatch(Template::truth));
            case "not" -> BooleanNode.valueOf(!truth(first(call, values)));
            case "equals" -> {
                need(call, 2);
                yield BooleanNode.valueOf(same(values.get(0), values.get(1)));
            }
            case "empty" -> BooleanNode.valueOf(isEmpty(first(call, values)));
            case "bool" -> BooleanNode.valueOf(truth(first(call, values)));
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            case "null" -> Json.object().nullNode();
            case "json" -> Json.parse(text(call, values, 0));
            case "array" ->
                first(call, values) instanceof ArrayNode array
                        ? array
                        : Json.array().add(first(call, values));
            case "createarray" -> {
                ArrayNode made = Json.array();
                values.forEach(made::add);
                yield made;
            }
            case "tolower" -> StringNode.valueOf(text(call, values, 0).toLowerCase(Locale.ROOT));
            case "toupper" -> StringNode.valueOf(text(call, values, 0).toUpperCase(Locale.ROOT));
            case "string" -> StringNode.valueOf(first(call, values).asString(""));
            case "concat" -> {
                StringBuilder all = new StringBuilder();
                values.forEach(value -> all.append(value.asString("")));
                yield StringNode.valueOf(all.toString());
            }
            case "uniquestring" ->
                StringNode.valueOf(Integer.toHexString(values.toString().hashCode()));
            case "subscription" ->
                Json.object().put("subscriptionId", group.subscriptionId()).put("tenantId", Arm.TENANT);
            case "resourcegroup" ->
                Json.object().put("id", group.armId()).put("name", group.name()).put("location", group.location());
            case "resourceid" -> StringNode.valueOf(resourceId(call, values));
            default -> throw invalid("The template function '" + call.function() + "' is not known here.");
        };
    }

    /// `resourceId([subscription,] [group,] type, name…)`.
    private String resourceId(TemplateExpression.Call call, List<JsonNode> values) {
        int type = 0;
        while (type < values.size() && !values.get(type).asString("").contains("/")) {
            type++;
        }
        if (type > 2 || type + 1 >= values.size()) {
            throw invalid("resourceId needs a type such as 'Microsoft.Storage/storageAccounts' and a name.");
        }
        String subscription = type == 2 ? text(call, values, 0) : group.subscriptionId();
        String resourceGroup = type == 0 ? group.name() : text(call, values, type - 1);
        String[] types = text(call, values, type).split("/");
        StringBuilder id = new StringBuilder(
                "/subscriptions/" + subscription + "/resourceGroups/" + resourceGroup + "/providers/" + types[0]);
        for (int i = 1; i < types.length; i++) {
            id.append('/').append(types[i]).append('/').append(text(call, values, type + i));
        }
        return id.toString();
    }

    private JsonNode parameter(String name, int depth) {
        JsonNode declared = template.path("parameters").path(name);
        if (declared.isMissingNode()) {
            throw invalid("The template has no parameter '" + name + "'.");
        }
        JsonNode given = parameters.path(name).path("value");
        if (!given.isMissingNode()) {
            return given;
        }
        JsonNode otherwise = declared.path("defaultValue");
        if (otherwise.isMissingNode()) {
            throw invalid("The value for the template parameter '" + name + "' is not provided.");
        }
        return value(otherwise, depth + 1);
    }

    private JsonNode variable(String name, int depth) {
        JsonNode declared = template.path("variables").path(name);
        if (declared.isMissingNode()) {
            throw invalid("The template has no variable '" + name + "'.");
        }
        return value(declared, depth + 1);
    }

    private static String text(TemplateExpression.Call call, List<JsonNode> values, int index) {
        if (index >= values.size() || values.get(index).isContainer()) {
            throw invalid(
                    "The template function '" + call.function() + "' needs text as argument " + (index + 1) + ".");
        }
        return values.get(index).asString("");
    }

    private static JsonNode first(TemplateExpression.Call call, List<JsonNode> values) {
        need(call, 1);
        return values.getFirst();
    }

    private static void need(TemplateExpression.Call call, int count) {
        if (call.arguments().size() < count) {
            throw invalid("The template function '" + call.function() + "' needs " + count + " arguments.");
        }
    }

    private static boolean truth(JsonNode value) {
        return value.asString("").equalsIgnoreCase("true");
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return a.isString() && b.isString() ? a.stringValue().equalsIgnoreCase(b.stringValue()) : a.equals(b);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainer() ? value.isEmpty() : value.asString("").isEmpty();
    }

    private static Problem invalid(String message) {
        return new Problem.Invalid("InvalidTemplate", message, "properties.template");
    }
}
