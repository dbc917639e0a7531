package atelier.endpoints;

import atelier.kernel.Names;
import atelier.kernel.Problem;
import atelier.models.Deployed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One model served under an endpoint.
///
/// @param body the REST resource as accepted (`properties`, `sku`, `tags`, `location`): what is wanted
/// @param plan what was last started with success and serves; null before the first
/// @param version changes with every stored change, for compare-and-set
public record Deployment(
        String workspaceId,
        String endpoint,
        String name,
        ObjectNode body,
        DeploymentState state,
        @Nullable ServingPlan plan,
        long version,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {
    public Deployment {
        Names.endpoint(name);
    }

    /// As the models' history names it.
    public Deployed.Place place() {
        return new Deployed.Place(Deployed.Kind.ONLINE, endpoint, name);
    }

    /// Something else is wanted from now on.
    ///
    /// @throws Problem.Conflict while an earlier change is under way
    public Deployment change(ObjectNode wanted, String operation, Instant now) {
        requireSettled();
        return with(wanted, new DeploymentState.Updating(operation), plan, now);
    }

    public Deployment succeed(ServingPlan served, Instant now) {
        return with(body, new DeploymentState.Succeeded(), served, now);
    }

    public Deployment fail(Problem problem, Instant now) {
        return with(body, new DeploymentState.Failed(problem.code(), problem.message()), plan, now);
    }

    /// On its way out; also out of an unfinished change.
    public Deployment goingAway(String operation, Instant now) {
        return with(body, new DeploymentState.Deleting(operation), plan, now);
    }

    public void requireSettled() {
        if (!state.settled()) {
            throw new Problem.Conflict(
                    "OperationInProgress",
                    "Deployment '" + name + "' is in state " + state.word()
                            + "; wait until this change is done before the next.");
        }
    }

    private Deployment with(ObjectNode wanted, DeploymentState next, @Nullable ServingPlan served, Instant now) {
        return new Deployment(
                workspaceId, endpoint, name, wanted, next, served, version + 1, createdBy, createdAt, now);
    }
}
