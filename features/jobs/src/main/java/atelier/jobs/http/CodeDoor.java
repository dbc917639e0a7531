package atelier.jobs.http;

import atelier.assets.AssetDoor;
import atelier.jobs.UploadGrants;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Code snapshots: files a client uploads to a container of their own, then names as a version.
public final class CodeDoor implements AssetDoor {
    @Override
    public String kind() {
        return "codes";
    }

    @Override
    public ObjectNode accept(
            Workspace workspace, String name, String version, ObjectNode properties, Exchange exchange) {
        if (properties.path("codeUri").asString("").isEmpty()) {
            throw new Problem.Invalid("A code version needs 'codeUri', the address of its files.", "codeUri");
        }
        return properties;
    }

    /// `startPendingUpload`: where to send the files.
    public static final class Uploads {
        private final Workspaces workspaces;
        private final UploadGrants grants;

        public Uploads(Workspaces workspaces, UploadGrants grants) {
            this.workspaces = workspaces;
            this.grants = grants;
        }

        public Routes routes() {
            return new Routes(ArmProblems.INSTANCE)
                    .post(Arm.WORKSPACE + "/codes/{name}/versions/{version}/startPendingUpload", this::start);
        }

        private Response start(Exchange exchange) {
            Workspace workspace = workspaces.of(exchange);
            String key = workspace.id() + "/" + exchange.path("name").toLowerCase(Locale.ROOT) + "/"
                    + exchange.path("version").toLowerCase(Locale.ROOT);
            // Any name becomes one that containers may have; asked again, the same.
            String container = "code-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
            UploadGrants.Grant grant = grants.container(container, exchange.baseUrl());
            ObjectNode reference = Json.object()
                    .put("blobUri", grant.blobUri())
                    .put(
                            "storageAccountArmId",
                            "/subscriptions/" + workspace.subscriptionId() + "/resourceGroups/"
                                    + workspace.resourceGroup()
                                    + "/providers/Microsoft.Storage/storageAccounts/atelier");
            reference.set(
                    "credential", Json.object().put("credentialType", "SAS").put("sasUri", grant.sasUri()));
            ObjectNode answer = Json.object().put("pendingUploadType", "TemporaryBlobReference");
            return Response.ok(answer.set("blobReferenceForConsumption", reference));
        }
    }
}
