package atelier.pipelines;

import atelier.jobs.Jobs.Job;
import atelier.workspace.Workspace;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a type of step does: how it is checked and which job does it. Other features add theirs with
/// [StepKinds#register]; a pipeline then checks, starts, awaits and reuses such steps like all others.
public interface StepKind {
    /// The type as nodes (or, where these name none, components) write it: `command`, `sweep`, `parallel`.
    String type();

    /// Inputs of the component that the kind itself gives (a sweep those of its search space): the step need
    /// not be given them.
    default Set<String> ownInputs(Node node) {
        return Set.of();
    }

    /// Everything that can be said before anything runs.
    ///
    /// @throws atelier.kernel.Problem.Invalid with target `jobs.<step>…`
    void validate(Workspace workspace, Node node, Component component);

    /// Makes `job` the REST properties of the job that does the step: sets `jobType` and what that type needs.
    /// There already: `displayName`, `experimentName`, `componentId`, `inputs`, `outputs`, `properties`,
    /// `computeId` where one is named, `tags`. All that is added here decides, with the inputs, whether an
    /// earlier step can be reused; the ids `codeId` and `environmentId`, at any depth, count by what they name.
    void complete(Step step, ObjectNode job);

    /// A step about to become a job.
    ///
    /// @param settings the node as it was given, with `${{parent.inputs.x}}` replaced by values
    record Step(Workspace workspace, Job pipeline, Node node, Component component, JsonNode settings) {}
}
