package atelier.batch;

import atelier.batch.internal.ModelComponents;
import atelier.compute.Computes;
import atelier.kernel.Caller;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.models.Deployed;
import atelier.models.Models;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of batch deployments. Everything that a deployment names is looked up before it is accepted.
public final class BatchDeployments {
    private static final Logger LOG = LoggerFactory.getLogger(BatchDeployments.class);
    private final BatchStore store;
    private final BatchEndpoints endpoints;
    private final Operations operations;
    private final ModelComponents components;
    private final Computes computes;
    private final Deployed deployed;
    private final InstantSource clock;

    BatchDeployments(
            BatchStore store,
            BatchEndpoints endpoints,
            Operations operations,
            ModelComponents components,
            Computes computes,
            Deployed deployed,
            InstantSource clock) {
        this.store = store;
        this.endpoints = endpoints;
        this.operations = operations;
        this.components = components;
        this.computes = computes;
        this.deployed = deployed;
        this.clock = clock;
    }

    public List<BatchDeployment> list(Workspace workspace, String endpoint) {
        endpoints.get(workspace, endpoint);
        return store.list(workspace.id(), endpoint);
    }

    /// @throws Problem.NotFound naming the nearest
    public BatchDeployment get(Workspace workspace, String endpoint, String name) {
        List<String> known =
                list(workspace, endpoint).stream().map(BatchDeployment::name).toList();
        return store.find(workspace.id(), endpoint, name)
                .orElseThrow(() -> new Problem.NotFound("There is no deployment '" + name + "' under batch endpoint '"
                        + endpoint + "'." + Nearest.hint(name, known)));
    }

    /// Makes a deployment or changes it.
    ///
    /// @param body the REST resource: a model with its settings, or `deploymentConfiguration` with a component
    /// @throws Problem.NotFound when endpoint, model, environment, code or component do not exist
    public Accepted<BatchDeployment> put(
            Workspace workspace, String endpoint, String name, ObjectNode body, Caller caller) {
        BatchName.check(name);
        BatchEndpoint owner = endpoints.get(workspace, endpoint);
        JsonNode properties = body.path("properties");
        BatchSettings settings = BatchSettings.parse(properties);
        requireCompute(workspace, properties);
        String component = properties.path("deploymentConfiguration").isObject()
                ? components.pipeline(workspace, properties.path("deploymentConfiguration"))
                : components.model(workspace, name, properties, settings, caller);
        Optional<BatchDeployment> before = store.find(workspace.id(), endpoint, name);
        Instant now = clock.instant();
        BatchDeployment wanted = before.map(deployment -> deployment.change(body.deepCopy(), component, now))
                .orElseGet(() -> new BatchDeployment(
                        workspace.id(), owner.name(), name, body.deepCopy(), component, 1, caller.name(), now, now));
        String operation = operations.start(workspace, armId(workspace, owner.name(), name));
        boolean won = deployed.together(() -> {
            boolean stored = before.isPresent() ? store.replace(wanted) : store.add(wanted);
            if (stored) {
                tell(workspace, wanted, caller);
            }
            return stored;
        });
        if (!won) {
            throw BatchEndpoints.lost(operations, operation, "Batch deployment '" + name + "'");
        }
        operations.succeed(operation);
        return new Accepted<>(wanted, operation, before.isEmpty());
    }

    /// Changes some fields: `properties` are merged, `tags` replaced.
    public Accepted<BatchDeployment> patch(
            Workspace workspace, String endpoint, String name, ObjectNode change, Caller caller) {
        ObjectNode body = get(workspace, endpoint, name).body();
        return put(workspace, endpoint, name, BatchEndpoints.merged(body, change, List.of("tags")), caller);
    }

    /// Forgets the deployment; its operation, empty when there is none. Jobs that run go on; an endpoint whose default
    /// it was has none from then on.
    public Optional<String> delete(Workspace workspace, String endpoint, String name, Caller caller) {
        Optional<BatchDeployment> found = store.find(workspace.id(), endpoint, name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String operation = operations.start(workspace, armId(workspace, endpoint, name));
        deployed.together(() -> {
            Deployed.Place place = place(found.get());
            deployed.gone(workspace, place.kind(), place.endpoint(), place.deployment(), caller);
            return store.delete(workspace.id(), endpoint, name);
        });
        operations.succeed(operation);
        return Optional.of(operation);
    }

    /// Tells the model's history; a pipeline component is no model.
    private void tell(Workspace workspace, BatchDeployment wanted, Caller caller) {
        Deployed.Place place = place(wanted);
        if (wanted.pipeline()) {
            deployed.gone(workspace, place.kind(), place.endpoint(), place.deployment(), caller);
            return;
        }
        Models.ModelVersion model = components.modelOf(workspace, wanted.body().path("properties"));
        deployed.wanted(workspace, place, model.name(), model.version(), caller);
        deployed.serves(workspace, place, model.name(), model.version());
    }

    /// After a start of the server: what scored before models had a history of deployments is told now.
    void resume(Workspace workspace) {
        for (BatchEndpoint endpoint : endpoints.list(workspace)) {
            for (BatchDeployment deployment : store.list(workspace.id(), endpoint.name())) {
                if (deployment.pipeline()) {
                    continue;
                }
                try {
                    deployed.found(
                            workspace,
                            place(deployment),
                            () -> components.modelOf(
                                    workspace, deployment.body().path("properties")),
                            deployment.name().equals(endpoint.defaultDeployment()) ? 100 : 0,
                            deployment.createdBy());
                } catch (Problem e) {
                    LOG.info("Deployment {} is not in the history of models: {}", deployment.name(), e.message());
                }
            }
        }
    }

    private static Deployed.Place place(BatchDeployment deployment) {
        return new Deployed.Place(Deployed.Kind.BATCH, deployment.endpoint(), deployment.name());
    }

    private void requireCompute(Workspace workspace, JsonNode properties) {
        try {
            computes.requireKnown(workspace, properties.path("compute").asString(""));
            computes.requireKnown(
                    workspace,
                    properties
                            .path("deploymentConfiguration")
                            .path("settings")
                            .path("default_compute")
                            .asString(""));
        } catch (Problem.Invalid e) {
            throw new Problem.Invalid(e.code(), e.message(), "properties.compute");
        }
    }

    static String armId(Workspace workspace, String endpoint, String name) {
        return BatchEndpoints.armId(workspace, endpoint) + "/deployments/" + name;
    }
}
