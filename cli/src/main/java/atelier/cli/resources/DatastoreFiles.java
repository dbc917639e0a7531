package atelier.cli.resources;

import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Datastore YAML (`azureBlob`, `azureFile`, `azureDataLakeGen1`, `azureDataLakeGen2`) to REST.
public final class DatastoreFiles {
    private static final Map<String, String> TYPES = Map.of(
            "azure_blob", "AzureBlob",
            "azure_file", "AzureFile",
            "azure_data_lake_gen2", "AzureDataLakeGen2",
            "azure_data_lake_gen1", "AzureDataLakeGen1",
            "one_lake", "OneLake");

    private DatastoreFiles() {}

    public static ObjectNode properties(YamlFile file) {
        String type = Fields.oneOf(
                file,
                "/type",
                file.text("type", ""),
                TYPES.keySet().stream().sorted().toList());
        ObjectNode properties = Json.object();
        properties.put("datastoreType", TYPES.get(type));
        String[][] fields = {
            {"account_name", "accountName"},
            {"container_name", "containerName"},
            {"file_share_name", "fileShareName"},
            {"filesystem", "filesystem"},
            {"store_name", "storeName"},
            {"description", "description"}
        };
        for (String[] field : fields) {
            if (file.root().has(field[0])) {
                properties.put(field[1], file.text(field[0], ""));
            }
        }
        if (!type.equals("azure_data_lake_gen1")) {
            properties.put("endpoint", file.text("endpoint", "core.windows.net"));
            properties.put("protocol", file.text("protocol", "https"));
        }
        properties.set("tags", file.root().path("tags").isObject() ? file.root().path("tags") : Json.object());
        properties.set("credentials", credentials(file));
        return properties;
    }

    /// The kind of credentials is known by the fields there are, as in azure-ai-ml.
    private static ObjectNode credentials(YamlFile file) {
        JsonNode given = file.root().path("credentials");
        ObjectNode made = Json.object();
        if (given.has("account_key")) {
            made.put("credentialsType", "AccountKey");
            made.putObject("secrets").put("secretsType", "AccountKey").set("key", given.path("account_key"));
        } else if (given.has("sas_token")) {
            made.put("credentialsType", "Sas");
            made.putObject("secrets").put("secretsType", "Sas").set("sasToken", given.path("sas_token"));
        } else if (given.has("client_id")) {
            boolean certificate = given.has("certificate") || given.has("thumbprint");
            String kind = certificate ? "Certificate" : "ServicePrincipal";
            made.put("credentialsType", kind);
            made.set("tenantId", given.path("tenant_id"));
            made.set("clientId", given.path("client_id"));
            copy(given, "resource_url", made, "resourceUrl");
            copy(given, "authority_url", made, "authorityUrl");
            copy(given, "thumbprint", made, "thumbprint");
            ObjectNode secrets = made.putObject("secrets").put("secretsType", kind);
            copy(
                    given,
                    certificate ? "certificate" : "client_secret",
                    secrets,
                    certificate ? "certificate" : "clientSecret");
        } else if (given.isMissingNode() || given.isNull() || given.isEmpty()) {
            made.put("credentialsType", "None");
        } else {
            throw file.error(
                    "/credentials",
                    "credentials are one of "
                            + String.join(", ", List.of("account_key", "sas_token", "client_id with client_secret"))
                            + ".");
        }
        return made;
    }

    private static void copy(JsonNode from, String field, ObjectNode to, String name) {
        if (from.has(field)) {
            to.set(name, from.path(field));
        }
    }
}
