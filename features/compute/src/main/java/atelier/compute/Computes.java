package atelier.compute;

import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of compute targets. Every workspace has `cpu-cluster` until somebody deletes it; names match in
/// any case.
public interface Computes {
    List<Compute> list(Workspace workspace);

    Optional<Compute> find(Workspace workspace, String name);

    /// Makes a compute or changes it.
    ///
    /// @throws atelier.kernel.Problem.Invalid naming the field
    Compute put(Workspace workspace, String name, Draft draft, Caller caller);

    /// What a compute is to be.
    ///
    /// @param properties REST `properties` with `computeType`
    /// @param identity REST `identity`; empty for none
    record Draft(ObjectNode properties, ObjectNode tags, ObjectNode identity) {}

    /// @throws atelier.kernel.Problem.Conflict when it is no compute instance
    Compute state(Workspace workspace, String name, String state);

    boolean delete(Workspace workspace, String name);

    /// Checks what a job names as its compute: an ARM id, `azureml:name`, a name, `local`, `serverless` or
    /// nothing.
    ///
    /// @throws atelier.kernel.Problem.Invalid `ComputeNotFound` that lists those that exist;
    ///     `ComputeNotReady` for an instance that is stopped; `ComputeTypeNotSupported` for one that stands for a
    ///     machine elsewhere
    void requireKnown(Workspace workspace, @Nullable String reference);
}
