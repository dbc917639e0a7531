package atelier.jobs.http;

import atelier.assets.AssetDoor;
import atelier.jobs.UploadGrants;
import atelier.kernel.Json;
import atelier.kernel.Names;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /// `startPendingUpload`: where to send the files of a version, the same for every kind that has files.
    public static final class Uploads {
        private static final String TYPE = "TemporaryBlobReference";
        private static final List<String> KINDS = List.of("codes", "data", "models", "environments", "components");
        private static final Map<String, String> CONTAINERS =
                Map.of("codes", "code", "models", "model", "environments", "env", "components", "component");
        private final Workspaces workspaces;
        private final UploadGrants grants;

        public Uploads(Workspaces workspaces, UploadGrants grants) {
            this.workspaces = workspaces;
            this.grants = grants;
        }

        public Routes routes() {
            Routes routes = new Routes(ArmProblems.INSTANCE);
            for (String kind : KINDS) {
                routes.post(
                        Arm.WORKSPACE + "/" + kind + "/{name}/versions/{version}/startPendingUpload",
                        exchange -> start(kind, exchange));
            }
            return routes;
        }

        private Response start(String kind, Exchange exchange) throws IOException {
            Workspace workspace = workspaces.of(exchange);
            String type = exchange.jsonObject().path("pendingUploadType").asString(TYPE);
            if (!type.equalsIgnoreCase(TYPE) && !type.equalsIgnoreCase("None")) {
                throw new Problem.Invalid(
                        "InvalidArgument",
                        "'pendingUploadType' is " + TYPE + " or None, not '" + type + "'.",
                        "pendingUploadType");
            }
            Names.asset(exchange.path("name"));
            Names.version(exchange.path("version"));
            String prefix = kind.equals("codes") ? "" : kind + "/";
            String key = workspace.id() + "/" + prefix + exchange.path("name").toLowerCase(Locale.ROOT) + "/"
                    + exchange.path("version").toLowerCase(Locale.ROOT);
            // Any name becomes one that containers may have; asked again, the same.
            String container = CONTAINERS.getOrDefault(kind, kind) + "-"
                    + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
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
            ObjectNode answer = Json.object().put("pendingUploadId", container).put("pendingUploadType", TYPE);
            return Response.ok(answer.set("blobReferenceForConsumption", reference));
        }
    }
}
