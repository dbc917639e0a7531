package atelier.registries.http;

import atelier.registries.Registries;
import atelier.registries.Sharing;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// `POST {registry}/import`: what `share` and a `WorkspaceAssetReference` of the SDK send.
public final class ImportRoutes {
    private final Registries registries;
    private final Sharing sharing;

    public ImportRoutes(Registries registries, Sharing sharing) {
        this.registries = registries;
        this.sharing = sharing;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .post(RegistryRoutes.ONE + "/import", this::take)
                .post("/mferp/managementfrontend" + RegistryRoutes.ONE + "/import", this::take);
    }

    private Response take(Exchange exchange) throws IOException {
        JsonNode wanted = exchange.jsonObject().path("properties");
        sharing.copy(
                registries.get(exchange.path("registry")),
                wanted.path("sourceAssetId").asString(""),
                wanted.path("destinationName").asString(""),
                wanted.path("destinationVersion").asString(""),
                exchange.caller(),
                exchange.baseUrl());
        // The SDK reads the asset itself when the operation has ended without a body.
        return Response.status(200);
    }
}
