package atelier.pipelines.internal;

import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.Jobs.JobKind;
import atelier.jobs.Jobs.Outcome;
import atelier.kernel.Problem;
import atelier.pipelines.Component;
import atelier.pipelines.Graph;
import atelier.pipelines.Node;
import atelier.pipelines.PipelineSteps;
import atelier.workspace.Workspace;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// A pipeline job: as long as there is something to do, starts every step whose inputs are there. All it
/// knows it reads from its children, so it goes on after a restart as if nothing had happened.
public final class PipelineKind implements JobKind {
    /// In case a change was made by another server, which wakes nobody here.
    private static final int LOOK_AGAIN_SECONDS = 30;

    private final PipelineTools tools;
    private final PipelineOfComponent component;
    private final PipelineCheck check;
    private final StepJobs stepJobs;
    private final Reuse reuse;
    private final PipelineOutputs outputs;
    private final Map<String, Semaphore> bells = new ConcurrentHashMap<>();

    public PipelineKind(PipelineTools tools) {
        this.tools = tools;
        CommandStep command = new CommandStep(tools.environments());
        tools.kinds().register(command);
        tools.kinds().register(new SweepStep(command));
        tools.kinds().register(new ParallelStep(tools.environments()));
        tools.kinds().register(new PipelineStep());
        this.component = new PipelineOfComponent(tools);
        this.check = new PipelineCheck(tools);
        this.stepJobs = new StepJobs(tools);
        this.reuse = new Reuse(tools);
        this.outputs = new PipelineOutputs(tools, stepJobs);
        tools.jobs().onChange(job -> {
            String parent = job.parent();
            Semaphore bell = parent == null ? null : bells.get(job.workspaceId() + "/" + parent);
            if (bell != null) {
                bell.release();
            }
        });
    }

    @Override
    public String type() {
        return "Pipeline";
    }

    @Override
    public ObjectNode accept(Workspace workspace, ObjectNode properties) {
        return component.accept(workspace, properties);
    }

    @Override
    public void validate(Workspace workspace, ObjectNode properties) {
        check.check(workspace, properties);
    }

    @Override
    public Outcome run(Workspace workspace, Job job, boolean resumed, JobContext context) throws InterruptedException {
        context.state("Running");
        Graph graph = Graph.of(job.properties());
        Semaphore bell = new Semaphore(0);
        String key = workspace.id() + "/" + job.name();
        bells.put(key, bell);
        context.onCancel(bell::release);
        if (resumed) {
            context.log("The server was started again; the pipeline goes on.");
        }
        try {
            Set<String> told = new HashSet<>();
            while (true) {
                bell.drainPermits();
                Map<String, Job> steps = PipelineSteps.of(tools.jobs(), workspace, job, graph);
                tell(workspace, steps, told, context);
                if (context.cancelRequested()) {
                    steps.values().stream()
                            .filter(step -> !step.isFinal())
                            .forEach(step -> tools.jobs().cancel(workspace, step.name(), context.caller()));
                } else {
                    startReady(workspace, job, graph, steps, told, context);
                }
                if (steps.values().stream().allMatch(Job::isFinal)) {
                    return end(workspace, job, graph, steps, context);
                }
                boolean _ = bell.tryAcquire(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
            }
        } catch (Problem e) {
            // A step could not even be started: what runs must not go on without anybody who waits for it.
            PipelineSteps.of(tools.jobs(), workspace, job, graph).values().stream()
                    .filter(step -> !step.isFinal())
                    .forEach(step -> tools.jobs().cancel(workspace, step.name(), context.caller()));
            throw e;
        } finally {
            bells.remove(key);
        }
    }

    private void tell(Workspace workspace, Map<String, Job> steps, Set<String> told, JobContext context) {
        steps.forEach((node, step) -> {
            if (!step.isFinal() || !told.add(node)) {
                return;
            }
            if (step.status().equals("Completed")) {
                reuse.remember(workspace, step);
            }
            context.log("Step '" + node + "' (" + step.name() + "): " + step.status()
                    + (step.errorMessage() == null ? "." : ". " + step.errorMessage()));
        });
    }

    /// Starts all steps that can start; a reused one is complete at once and lets others start.
    private void startReady(
            Workspace workspace, Job job, Graph graph, Map<String, Job> steps, Set<String> told, JobContext context) {
        Settings settings = Settings.of(job.properties());
        Progress progress = new Progress(workspace, job, settings, steps, told, context);
        String first = settings.first();
        String last = settings.last();
        if (first != null) {
            startIf(true, progress, graph.node(first));
        }
        for (Node node : graph.nodes().values()) {
            boolean stop =
                    !settings.continueOnFailure() && steps.values().stream().anyMatch(PipelineKind::failed);
            boolean ready = !stop
                    && !node.name().equals(last)
                    && (first == null || completed(steps.get(first)))
                    && node.dependencies().stream().allMatch(needed -> completed(steps.get(needed)));
            startIf(ready, progress, node);
        }
        // Nothing runs any more, and what has not started by now never will.
        boolean over = steps.values().stream().allMatch(Job::isFinal);
        if (last != null) {
            startIf(over, progress, graph.node(last));
        }
    }

    /// How far a pipeline is.
    ///
    /// @param steps jobs of the steps that have one; those that are started here are put in
    /// @param told steps whose end is in the log
    private record Progress(
            Workspace workspace,
            Job job,
            Settings settings,
            Map<String, Job> steps,
            Set<String> told,
            JobContext context) {}

    private void startIf(boolean ready, Progress at, Node node) {
        if (!ready || at.steps().containsKey(node.name()) || at.context().cancelRequested()) {
            return;
        }
        Job step = start(at.workspace(), at.job(), node, at.steps(), at.settings(), at.context());
        at.steps().put(node.name(), step);
        if (step.isFinal()) {
            at.told().add(node.name());
        }
    }

    private Job start(
            Workspace workspace, Job job, Node node, Map<String, Job> steps, Settings settings, JobContext context) {
        Component component = tools.components().get(workspace, node.component());
        ObjectNode properties = stepJobs.properties(workspace, job, node, component, steps);
        String name = PipelineSteps.jobName(job.name(), node.name());
        if (component.type().equals("pipeline")) {
            context.log("Step '" + node.name() + "' starts as pipeline " + name + ".");
            return tools.jobs().submit(workspace, name, properties, job.name(), context.caller());
        }
        Reuse.Decision decision = reuse.decide(workspace, node, component, name, properties, settings.forceRerun());
        ObjectNode facts = (ObjectNode) properties.get("properties");
        facts.put("atelier.reason", decision.because());
        context.log("Step '" + node.name() + "' (" + name + "): " + decision.because());
        Job from = decision.from();
        if (from == null) {
            tools.steps().starting(decision.step());
            return tools.jobs().submit(workspace, name, properties, job.name(), context.caller());
        }
        facts.put("azureml.isreused", "true")
                .put("azureml.reusedfrom", from.name())
                .put("azureml.reusedrunid", from.name());
        properties.set("outputs", from.properties().path("outputs"));
        return tools.jobs().record(workspace, name, properties, job.name(), new Outcome.Completed(), context.caller());
    }

    private Outcome end(Workspace workspace, Job job, Graph graph, Map<String, Job> steps, JobContext context) {
        if (context.cancelRequested()) {
            context.log("The pipeline was canceled.");
            return new Outcome.Canceled();
        }
        List<String> failed = steps.entrySet().stream()
                .filter(step -> failed(step.getValue()))
                .map(step ->
                        "'" + step.getKey() + "' (" + step.getValue().name() + ": " + reason(step.getValue()) + ")")
                .toList();
        for (String node : graph.nodes().keySet()) {
            if (!steps.containsKey(node)) {
                context.log("Step '" + node + "' was not run: " + PipelineSteps.whySkipped(graph, node, steps));
            }
        }
        if (!failed.isEmpty()) {
            return new Outcome.Failed(
                    "PipelineStepFailed",
                    (failed.size() == 1 ? "Step " : "Steps ") + String.join(", ", failed) + " did not complete.");
        }
        context.state("Finalizing");
        outputs.keep(workspace, job, graph, steps, context);
        return new Outcome.Completed();
    }

    private static String reason(Job step) {
        String message = step.errorMessage();
        return message == null ? step.status() : message;
    }

    private static boolean completed(@org.jspecify.annotations.Nullable Job step) {
        return step != null && step.status().equals("Completed");
    }

    private static boolean failed(Job step) {
        return step.isFinal() && !step.status().equals("Completed");
    }
}
