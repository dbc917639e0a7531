package atelier.jobs;

import atelier.workspace.Workspace;
import java.util.Map;

/// What every job is told about this server, so that SDKs inside it find and trust it.
public interface JobEnvironment {
    /// `https://localhost:PORT`, as seen from a job.
    String serverUrl();

    /// Further variables: certificates (`REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`), the identity endpoint, cloud
    /// metadata.
    Map<String, String> variables(Workspace workspace);
}
