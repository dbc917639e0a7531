package atelier.datasets.http;

import atelier.datasets.Datastore;
import atelier.datasets.Datastores;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The body of `PUT …/datastores/{name}`: the kinds and credentials of the specification (mfe.json,
/// `DatastoreProperties`
/// and `DatastoreCredentials` with their sub-types).
final class DatastoreBody {
    /// Fields that every kind has, or that the server makes.
    private static final List<String> COMMON = List.of(
            "datastoreType",
            "description",
            "tags",
            "properties",
            "credentials",
            "isDefault",
            "accountName",
            "subscriptionId",
            "resourceGroup");

    private static final Map<String, Credential> CREDENTIALS = Map.of(
            "AccountKey", new Credential("key", List.of()),
            "Sas", new Credential("sasToken", List.of()),
            "ServicePrincipal", new Credential("clientSecret", List.of("tenantId", "clientId")),
            "Certificate", new Credential("certificate", List.of("tenantId", "clientId", "thumbprint")),
            "KerberosKeytab", new Credential("kerberosKeytab", List.of("kerberosRealm", "kerberosPrincipal")),
            "KerberosPassword", new Credential("kerberosPassword", List.of("kerberosRealm", "kerberosPrincipal")),
            "None", new Credential("", List.of()));

    /// What of the credentials is answered.
    private static final List<String> SHOWN = List.of(
            "credentialsType",
            "authorityUrl",
            "resourceUrl",
            "tenantId",
            "clientId",
            "thumbprint",
            "kerberosKdcAddress",
            "kerberosRealm",
            "kerberosPrincipal");

    private DatastoreBody() {}

    /// @param secret field of `secrets` that holds it; empty when there is none
    /// @param required fields beside it
    private record Credential(String secret, List<String> required) {}

    static Datastores.Draft draft(String name, ObjectNode properties) {
        Datastore.Type type = Datastore.Type.parse(required(properties, "datastoreType", "properties.datastoreType"));
        String place = required(properties, type.placeField(), "properties." + type.placeField());
        if (type == Datastore.Type.ONE_LAKE) {
            required(properties.path("artifact"), "artifactName", "properties.artifact.artifactName");
        }
        ObjectNode definition = Json.object();
        properties.properties().forEach(field -> {
            boolean kept = !COMMON.contains(field.getKey())
                    && !field.getValue().isNull()
                    && !(type.served() && field.getKey().equals(type.placeField()));
            if (kept) {
                definition.set(field.getKey(), field.getValue());
            }
        });
        JsonNode given = properties.path("credentials");
        if (!given.isMissingNode() && !given.isNull() && !given.isObject()) {
            throw new Problem.Invalid("'credentials' must be an object.", "properties.credentials");
        }
        ObjectNode credentials = given instanceof ObjectNode object ? object.deepCopy() : Json.object();
        String secret = secret(credentials);
        return new Datastores.Draft(
                name,
                type,
                type.served() ? place : "",
                properties.path("accountName").asString(""),
                properties.path("description").asString(""),
                tags(properties.get("tags")),
                new Datastore.Details(definition, credentials),
                secret);
    }

    /// Takes the secret out of the credentials, and says what they lack.
    private static @Nullable String secret(ObjectNode credentials) {
        String type = credentials.path("credentialsType").asString("None");
        Credential credential = CREDENTIALS.get(type);
        if (credential == null) {
            List<String> known = CREDENTIALS.keySet().stream().sorted().toList();
            throw new Problem.Invalid(
                    "'credentialsType' is one of " + String.join(", ", known) + ", not '" + type + "'."
                            + Nearest.hint(type, known),
                    "properties.credentials.credentialsType");
        }
        credentials.put("credentialsType", type);
        for (String field : credential.required()) {
            required(credentials, field, "properties.credentials." + field);
        }
        JsonNode secrets = credentials.remove("secrets");
        credentials.retain(SHOWN);
        if (secrets == null || secrets.isNull() || credential.secret().isEmpty()) {
            return null;
        }
        JsonNode value = secrets.path(credential.secret());
        if (value.isMissingNode() || value.isNull()) {
            return null; // what was answered comes back without its secret
        }
        if (!value.isString() || value.stringValue().isEmpty()) {
            throw new Problem.Invalid(
                    "'" + credential.secret() + "' of the secrets must be text.",
                    "properties.credentials.secrets." + credential.secret());
        }
        return Json.write(Json.object().put("secretsType", type).put(credential.secret(), value.stringValue()));
    }

    private static String required(JsonNode properties, String field, String target) {
        String value = properties.path(field).asString("");
        if (value.isEmpty()) {
            throw new Problem.Invalid("'" + target + "' is missing.", target);
        }
        return value;
    }

    private static Map<String, String> tags(@Nullable JsonNode node) {
        Map<String, String> tags = new HashMap<>();
        if (node instanceof ObjectNode object) {
            object.properties()
                    .forEach(entry -> tags.put(entry.getKey(), entry.getValue().asString("")));
        }
        return tags;
    }
}
