package atelier.batch;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.models.Deployed;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of batch endpoints: make, change, choose the default deployment, delete with all deployments.
public final class BatchEndpoints {
    private final BatchStore store;
    private final Operations operations;
    private final Deployed deployed;
    private final InstantSource clock;

    BatchEndpoints(BatchStore store, Operations operations, Deployed deployed, InstantSource clock) {
        this.store = store;
        this.operations = operations;
        this.deployed = deployed;
        this.clock = clock;
    }

    public List<BatchEndpoint> list(Workspace workspace) {
        return store.list(workspace.id());
    }

    /// @throws Problem.NotFound naming the nearest
    public BatchEndpoint get(Workspace workspace, String name) {
        return store.find(workspace.id(), name).orElseThrow(() -> {
            List<String> known =
                    list(workspace).stream().map(BatchEndpoint::name).toList();
            return new Problem.NotFound("There is no batch endpoint '" + name + "' in workspace '" + workspace.name()
                    + "'." + Nearest.hint(name, known));
        });
    }

    /// Makes an endpoint or changes it.
    ///
    /// @param body the REST resource; its `properties.defaults.deploymentName` names an existing deployment
    public Accepted<BatchEndpoint> put(Workspace workspace, String name, ObjectNode body, Caller caller) {
        BatchName.check(name);
        Optional<BatchEndpoint> before = store.find(workspace.id(), name);
        JsonNode properties = body.path("properties");
        requireTokens(properties.path("authMode").asString("aadToken"));
        String deployment = properties.hasNonNull("defaults")
                ? chosen(workspace, name, properties.path("defaults"))
                : before.map(BatchEndpoint::defaultDeployment).orElse(null);
        Instant now = clock.instant();
        BatchEndpoint wanted = before.map(endpoint -> endpoint.change(kept(body), deployment, now))
                .orElseGet(() ->
                        new BatchEndpoint(workspace.id(), name, kept(body), deployment, 1, caller.name(), now, now));
        String operation = operations.start(workspace, armId(workspace, name));
        boolean won = deployed.together(() -> {
            boolean stored = before.isPresent() ? store.replace(wanted) : store.add(wanted);
            if (stored) {
                // What is sent to no deployment by name goes to the default one.
                deployed.shares(
                        workspace,
                        Deployed.Kind.BATCH,
                        wanted.name(),
                        deployment == null ? Map.of() : Map.of(deployment, 100),
                        caller);
            }
            return stored;
        });
        if (!won) {
            throw lost(operations, operation, "Batch endpoint '" + name + "'");
        }
        operations.succeed(operation);
        return new Accepted<>(wanted, operation, before.isEmpty());
    }

    /// Changes some fields: `properties` are merged, `tags` and `identity` replaced.
    public Accepted<BatchEndpoint> patch(Workspace workspace, String name, ObjectNode change, Caller caller) {
        return put(workspace, name, merged(get(workspace, name).body(), change, List.of("tags", "identity")), caller);
    }

    /// Forgets the endpoint and its deployments; its operation, empty when there is none. Jobs that run go on.
    public Optional<String> delete(Workspace workspace, String name, Caller caller) {
        Optional<BatchEndpoint> found = store.find(workspace.id(), name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String operation = operations.start(workspace, armId(workspace, name));
        deployed.together(() -> {
            deployed.gone(workspace, Deployed.Kind.BATCH, found.get().name(), null, caller);
            return store.delete(workspace.id(), name);
        });
        operations.succeed(operation);
        return Optional.of(operation);
    }

    static String armId(Workspace workspace, String name) {
        return workspace.armId() + "/batchEndpoints/" + name;
    }

    /// Another request changed the same thing meanwhile.
    static Problem lost(Operations operations, String operation, String what) {
        Problem problem =
                new Problem.Conflict("OperationInProgress", what + " was changed by another request at the same time.");
        operations.fail(operation, problem);
        return problem;
    }

    static ObjectNode merged(ObjectNode body, ObjectNode change, List<String> replaced) {
        ObjectNode merged = body.deepCopy();
        if (change.get("properties") instanceof ObjectNode given) {
            ObjectNode own = merged.get("properties") instanceof ObjectNode there ? there : Json.object();
            own.setAll(given);
            merged.set("properties", own);
        }
        for (String field : replaced) {
            if (change.has(field)) {
                merged.set(field, change.get(field));
            }
        }
        return merged;
    }

    private @Nullable String chosen(Workspace workspace, String name, JsonNode defaults) {
        // The SDK's own spelling, when a user fills in a dictionary.
        String wanted = defaults.path("deploymentName")
                .asString(defaults.path("deployment_name").asString(""));
        if (wanted.isEmpty()) {
            return null;
        }
        List<String> known = store.list(workspace.id(), name).stream()
                .map(BatchDeployment::name)
                .toList();
        return known.stream()
                .filter(wanted::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid(
                        "There is no deployment '" + wanted + "' under batch endpoint '" + name + "' to be the default."
                                + Nearest.hint(wanted, known),
                        "properties.defaults.deploymentName"));
    }

    private static void requireTokens(String mode) {
        if (!mode.replace("_", "").equalsIgnoreCase("aadToken")) {
            throw new Problem.Invalid(
                    "Batch endpoints open by a token of this installation: authMode is aadToken, not '" + mode + "'.",
                    "properties.authMode");
        }
    }

    private static ObjectNode kept(ObjectNode body) {
        ObjectNode kept = body.deepCopy();
        if (kept.get("properties") instanceof ObjectNode properties) {
            properties.remove(List.of("keys", "defaults", "authMode", "provisioningState", "scoringUri", "swaggerUri"));
        }
        return kept;
    }
}
