package atelier.datasets.http;

import atelier.datasets.Datastore;
import atelier.datasets.Datastores;
import atelier.kernel.Json;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// `/datastore/v1.0{ws}/datastores/{name}`, the datastore service that `mltable` and `azureml-fsspec` ask before they
/// read (native library `azureml-dataprep-rslex`, struct `DataStore`; the shape is that of `azureml-core`'s REST
/// models). One answer has both the place and the signature that opens it.
public final class DatastorePlaneRoutes {
    private static final String DATASTORES = "/datastore/v1.0" + Arm.WORKSPACE + "/datastores";
    private static final Duration SIGNATURE_LIFE = Duration.ofHours(12);
    private final Datastores datastores;
    private final Workspaces workspaces;
    private final String endpointSuffix;

    public DatastorePlaneRoutes(Datastores datastores, Workspaces workspaces, String endpointSuffix) {
        this.datastores = datastores;
        this.workspaces = workspaces;
        this.endpointSuffix = endpointSuffix;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE).get(DATASTORES + "/{name}", this::get);
    }

    private Response get(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Datastore datastore = datastores.get(workspace, exchange.path("name"));
        ObjectNode answer = Json.object()
                .put("name", datastore.name())
                // Shares and file systems are containers here, reached by the Blob protocol alone.
                .put("dataStoreType", Datastore.Type.AZURE_BLOB.word())
                .put("isDefault", datastore.isDefault())
                .put("hasBeenValidated", true);
        answer.set("tags", Json.tree(datastore.tags()));
        answer.set(
                "azureStorageSection",
                Json.object()
                        .put("accountName", accountName(exchange))
                        .put("containerName", datastore.container())
                        .put("endpoint", endpointSuffix)
                        .put("protocol", "https")
                        .put("credentialType", "Sas")
                        .put("credential", datastores.sas(workspace, datastore.name(), SIGNATURE_LIFE))
                        .put("isSas", true)
                        .put("areWorkspaceManagedIdentitiesAllowed", false)
                        .put("subscriptionId", workspace.subscriptionId())
                        .put("resourceGroup", workspace.resourceGroup())
                        .put("serviceDataAccessAuthIdentity", "None"));
        return Response.ok(answer);
    }

    /// Clients make `https://{accountName}.blob.{endpoint}/…` of it; with host and port in front it leads back here.
    static String accountName(Exchange exchange) {
        String base = exchange.baseUrl();
        return base.substring(base.indexOf("://") + 3) + "/atelier";
    }
}
