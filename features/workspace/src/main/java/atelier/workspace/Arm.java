package atelier.workspace;

import atelier.kernel.Json;
import atelier.web.Exchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Azure Resource Manager's words: addresses, envelopes and lists, the same for every kind of resource.
public final class Arm {
    /// Route template of a workspace; literals match in any case.
    public static final String WORKSPACE = "/subscriptions/{subscription}/resourceGroups/{group}"
            + "/providers/Microsoft.MachineLearningServices/workspaces/{workspace}";
    /// The resource provider's prefix of every `type`.
    public static final String PROVIDER = "Microsoft.MachineLearningServices/workspaces";

    /// The one tenant of an installation, as tokens say it.
    public static final String TENANT = atelier.identity.Tokens.TENANT;

    private Arm() {}

    /// `{"id","name","type","properties","systemData"}`.
    ///
    /// @param id full ARM id
    /// @param type such as `data/versions`, without the provider
    public static ObjectNode resource(
            String id,
            String name,
            String type,
            ObjectNode properties,
            String createdBy,
            Instant created,
            Instant modified) {
        ObjectNode resource = Json.object()
                .put("id", id)
                .put("name", name)
                .put("type", type.isEmpty() ? PROVIDER : PROVIDER + "/" + type);
        resource.set("properties", properties);
        resource.set("systemData", systemData(createdBy, created, modified));
        return resource;
    }

    public static ObjectNode systemData(String createdBy, Instant created, Instant modified) {
        return Json.object()
                .put("createdAt", time(created))
                .put("createdBy", createdBy)
                .put("createdByType", "User")
                .put("lastModifiedAt", time(modified))
                .put("lastModifiedBy", createdBy)
                .put("lastModifiedByType", "User");
    }

    /// `{"value":[…],"nextLink":…}`.
    public static ObjectNode list(List<ObjectNode> items, @Nullable String nextLink) {
        ArrayNode value = Json.array();
        items.forEach(value::add);
        ObjectNode list = Json.object();
        list.set("value", value);
        return list.put("nextLink", nextLink);
    }

    /// The address of the next page: this request's with `$skip`; null after the last.
    ///
    /// @param marker where the next page begins
    public static @Nullable String next(Exchange exchange, @Nullable String marker) {
        return next(exchange, "$skip", marker);
    }

    /// @param name what the parameter of the marker is called
    public static @Nullable String next(Exchange exchange, String name, @Nullable String marker) {
        if (marker == null) {
            return null;
        }
        StringJoiner query = new StringJoiner("&", exchange.baseUrl() + exchange.rawPath() + "?", "");
        exchange.queries().forEach((each, values) -> {
            if (!each.equals(name)) {
                values.forEach(value -> query.add(encode(each) + "=" + encode(value)));
            }
        });
        return query.add(name + "=" + encode(marker)).toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%24", "$");
    }

    /// ISO-8601 with milliseconds, UTC.
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /// A managed identity with the ids that Azure adds; here they name nothing, but are the same with every answer.
    ///
    /// @param kept as given; without a type it is the system's
    /// @param owner whose identity it is
    public static ObjectNode identity(ObjectNode kept, String owner) {
        ObjectNode identity = kept.deepCopy();
        if (!identity.has("type")) {
            identity.put("type", "SystemAssigned");
        }
        if (identity.path("type")
                .asString("")
                .replace("_", "")
                .toLowerCase(Locale.ROOT)
                .startsWith("systemassigned")) {
            identity.put("principalId", stableId(owner, "system")).put("tenantId", TENANT);
        }
        if (identity.get("userAssignedIdentities") instanceof ObjectNode users) {
            ObjectNode named = Json.object();
            users.properties().stream()
                    .filter(user -> !user.getValue().isNull())
                    .forEach(user -> named.set(
                            user.getKey(),
                            Json.object()
                                    .put("principalId", stableId(owner, "principal:" + user.getKey()))
                                    .put("clientId", stableId(owner, "client:" + user.getKey()))));
            identity.set("userAssignedIdentities", named);
        }
        return identity;
    }

    private static String stableId(String owner, String of) {
        return UUID.nameUUIDFromBytes((owner + ":" + of).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
