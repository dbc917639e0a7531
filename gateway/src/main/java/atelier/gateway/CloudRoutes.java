package atelier.gateway;

import atelier.kernel.Json;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import tools.jackson.databind.node.ObjectNode;

/// The public document by which Azure's clients find this cloud: endpoint metadata (`ARM_CLOUD_METADATA_URL`). It names
/// addresses only, so it needs no caller.
public final class CloudRoutes {
    /// The cloud's name; it must not be one of the three that the SDK has built in.
    public static final String CLOUD = "Atelier";
    /// Suffix of storage host names; with the account name `host:port/atelier` it becomes a path of this server.
    public static final String STORAGE_SUFFIX = "storage.atelier.local";

    private CloudRoutes() {}

    public static Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .open("GET", "/health", _ -> Response.text(200, "OK"))
                .open("GET", "/", _ -> Response.status(302).header("Location", "/studio/"))
                .open("GET", "/metadata/endpoints", CloudRoutes::endpoints);
    }

    /// The SDK picks the cloud whose `resourceManager` occurs in the URL that it asked, and takes the token audience of
    /// pipelines from the portal's host name.
    private static Response endpoints(Exchange exchange) {
        String base = exchange.baseUrl() + "/";
        ObjectNode cloud = Json.object()
                .put("name", CLOUD)
                .put("portal", "https://portal.azure.com")
                .put("resourceManager", base);
        cloud.set(
                "authentication",
                Json.object()
                        .put("loginEndpoint", base)
                        .put("tenant", "common")
                        .put("identityProvider", "AAD")
                        .set("audiences", Json.array().add(base)));
        cloud.set("suffixes", Json.object().put("storage", STORAGE_SUFFIX).put("keyVaultDns", "vault.localhost"));
        return Response.ok(Json.array().add(cloud));
    }
}
