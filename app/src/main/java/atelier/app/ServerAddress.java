package atelier.app;

import atelier.jobs.JobEnvironment;
import atelier.workspace.Workspace;
import java.util.Map;

/// Where this server answers, known once it listens; and what a job must be told to find and trust it.
final class ServerAddress implements JobEnvironment {
    private final DataFolder folder;
    private volatile String url = "";

    ServerAddress(DataFolder folder) {
        this.folder = folder;
    }

    void set(String url) {
        this.url = url;
    }

    @Override
    public String serverUrl() {
        if (url.isEmpty()) {
            throw new IllegalStateException("The server does not listen yet");
        }
        return url;
    }

    @Override
    public Map<String, String> variables(Workspace workspace) {
        String bundle = folder.path("tls/bundle.pem").toString();
        return Map.of(
                "REQUESTS_CA_BUNDLE",
                bundle,
                "SSL_CERT_FILE",
                bundle,
                "CURL_CA_BUNDLE",
                bundle,
                "ARM_CLOUD_METADATA_URL",
                serverUrl() + "/metadata/endpoints?api-version=2019-05-01",
                "REGISTRY_DISCOVERY_ENDPOINT_URL",
                serverUrl() + "/",
                "IDENTITY_ENDPOINT",
                serverUrl() + "/msi/token",
                "AZURE_TOKEN_CREDENTIALS",
                "ManagedIdentityCredential",
                "ATELIER_URL",
                serverUrl());
    }
}
