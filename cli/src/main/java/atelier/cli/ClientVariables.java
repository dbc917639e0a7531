package atelier.cli;

import atelier.cli.http.Api;
import atelier.cli.http.ApiError;
import atelier.kernel.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The environment variables with which unmodified clients find, trust and are known to this server:
/// azure-ai-ml and azure-identity (`ARM_CLOUD_METADATA_URL`, `IDENTITY_*`), requests, curl, Node and OpenSSL (the
/// authority), MLflow, azure-storage. Secrets are among them.
public record ClientVariables(Map<String, String> values) {
    public ClientVariables {
        values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public static ClientVariables of(Session session) {
        Api api = session.api();
        DataFolder files = session.files();
        Api here = here(session);
        String[] workspace = here.workspace().split("/");
        Map<String, String> values = new LinkedHashMap<>();
        values.put("ATELIER_HOME", files.path().toString());
        values.put("ATELIER_URL", api.url());
        values.put("ATELIER_TOKEN", files.ownerToken());
        // The SDK picks the cloud whose resourceManager is part of this address.
        values.put("ARM_CLOUD_METADATA_URL", api.url() + "/metadata/endpoints?api-version=2019-05-01");
        values.put("REGISTRY_DISCOVERY_ENDPOINT_URL", api.url() + "/");
        values.put("IDENTITY_ENDPOINT", api.url() + "/msi/token");
        values.put("IDENTITY_HEADER", files.identitySecret());
        values.put("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
        values.put("AZUREML_ARM_SUBSCRIPTION", workspace[2]);
        values.put("AZUREML_ARM_RESOURCEGROUP", workspace[4]);
        values.put("AZUREML_ARM_WORKSPACE_NAME", workspace[workspace.length - 1]);
        // The system's authorities and ours: package indexes must stay reachable from the same shell.
        String bundle = files.bundle().toString();
        values.put("REQUESTS_CA_BUNDLE", bundle);
        values.put("SSL_CERT_FILE", bundle);
        values.put("CURL_CA_BUNDLE", bundle);
        values.put("NODE_EXTRA_CA_CERTS", files.ca().toString());
        values.put("MLFLOW_TRACKING_URI", tracking(here));
        values.put("MLFLOW_TRACKING_TOKEN", files.ownerToken());
        connectionString(api).ifPresent(value -> values.put("AZURE_STORAGE_CONNECTION_STRING", value));
        return new ClientVariables(values);
    }

    /// In the workspace of `az configure --defaults`, as every verb; else in the server's first. A group of the
    /// defaults
    /// that has no workspace yet is no reason to leave the shell without variables.
    private static Api here(Session session) {
        try {
            return session.api(new Place(null, null, null));
        } catch (CliError e) {
            return session.api();
        }
    }

    private static String tracking(Api api) {
        return api.url() + api.me().path("tracking").asString("/mlflow/v2.0") + api.workspace();
    }

    /// The account's key, asked for as Azure's storage provider is asked.
    private static Optional<String> connectionString(Api api) {
        JsonNode workspace = api.me().path("workspaces").path(0);
        String path = "/subscriptions/" + workspace.path("subscriptionId").asString("") + "/resourceGroups/"
                + workspace.path("resourceGroup").asString("")
                + "/providers/Microsoft.Storage/storageAccounts/atelier/listKeys?api-version=2023-05-01";
        try {
            String key = api.post(path, Json.object())
                    .path("keys")
                    .path(0)
                    .path("value")
                    .asString("");
            return key.isEmpty()
                    ? Optional.empty()
                    : Optional.of("DefaultEndpointsProtocol=https;AccountName=atelier;AccountKey=" + key
                            + ";BlobEndpoint=" + api.url() + "/atelier.blob.localhost;");
        } catch (ApiError e) {
            return Optional.empty();
        }
    }

    /// `export NAME='value'` lines for a POSIX shell.
    public String exports() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append("export ")
                .append(name)
                .append("='")
                .append(value.replace("'", "'\\''"))
                .append("'\n"));
        return text.toString();
    }

    /// `NAME=value` lines.
    public String dotenv() {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }
}
