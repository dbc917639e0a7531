package atelier.pipelines.internal;

import atelier.pipelines.Component;
import atelier.pipelines.Node;
import atelier.pipelines.StepKind;
import atelier.workspace.Workspace;
import tools.jackson.databind.node.ObjectNode;

/// A pipeline in a pipeline. [PipelineCheck] looks into it: it knows how deep it is.
final class PipelineStep implements StepKind {
    static final String TYPE = "pipeline";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void validate(Workspace workspace, Node node, Component component) {}

    @Override
    public void complete(Step step, ObjectNode job) {
        Settings settings = Settings.of(step.pipeline().properties());
        job.put("jobType", "Pipeline");
        job.set("jobs", step.component().spec().path("jobs"));
        ObjectNode inherited = job.putObject("settings");
        inherited.put("default_compute", settings.compute()).put("default_datastore", settings.datastore());
        inherited
                .put("continue_on_step_failure", settings.continueOnFailure())
                .put("force_rerun", settings.forceRerun());
    }
}
