package atelier.sweeps.internal;

import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.Jobs.JobKind;
import atelier.jobs.Jobs.Outcome;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.sweeps.Sweep;
import atelier.workspace.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// A sweep job: as long as there are hyperparameters to try and room for a trial, starts one. All it knows it reads
/// from its children, so it goes on after a restart as if nothing had happened.
public final class SweepKind implements JobKind {
    private final SweepTools tools;
    private final Map<String, Semaphore> bells = new ConcurrentHashMap<>();

    public SweepKind(SweepTools tools) {
        this.tools = tools;
        tools.jobs().onChange(job -> {
            String parent = job.parent();
            Semaphore bell = parent == null || !job.isFinal() ? null : bells.get(job.workspaceId() + "/" + parent);
            if (bell != null) {
                bell.release();
            }
        });
    }

    @Override
    public String type() {
        return "Sweep";
    }

    /// Checks the sweep, and its first trial as the command job it will be.
    @Override
    public void validate(Workspace workspace, ObjectNode properties) {
        Sweep plan = Sweep.of(properties);
        ObjectNode first = Objects.requireNonNull(Sampler.of(plan, 0).next(0, List.of()));
        ObjectNode trial = TrialJobs.body(plan, "Default", properties, "trial", first);
        try {
            tools.jobs().check(workspace, trial);
        } catch (Problem.Invalid e) {
            String target = e.target();
            boolean inTrial = target != null
                    && List.of("command", "environmentId", "codeId", "environmentVariables", "resources")
                            .contains(target);
            throw inTrial ? new Problem.Invalid(e.code(), e.message(), "trial." + target) : e;
        }
    }

    @Override
    public Outcome run(Workspace workspace, Job job, boolean resumed, JobContext context) throws InterruptedException {
        context.state("Running");
        Semaphore bell = new Semaphore(0);
        String key = workspace.id() + "/" + job.name();
        bells.put(key, bell);
        context.onCancel(bell::release);
        // As it is now: with the time of its start.
        SweepRun run = new SweepRun(tools, workspace, tools.jobs().get(workspace, job.name()), context);
        try {
            run.begin(resumed);
            while (true) {
                bell.drainPermits();
                if (run.step()) {
                    return run.end();
                }
                Duration wait = run.pause();
                boolean _ = bell.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (Problem e) {
            // A trial could not even be started: what runs must not go on without anybody who waits for it.
            tools.jobs().children(workspace, job.name()).stream()
                    .filter(child -> !child.isFinal())
                    .forEach(child -> tools.jobs().cancel(workspace, child.name(), context.caller()));
            throw e;
        } finally {
            bells.remove(key);
        }
    }

    /// The facts that Azure ML keeps with a sweep.
    static ObjectNode facts(Sweep plan) {
        ObjectNode facts = Json.object();
        facts.put("runTemplate", "HyperDrive")
                .put("azureml.runsource", "hyperdrive")
                .put("platform", "AML");
        facts.put(
                "primary_metric_config",
                Json.object()
                        .put("name", plan.objective().primaryMetric())
                        .put("goal", plan.objective().goal())
                        .toString());
        long size = plan.space().parameters().size();
        facts.put("space_size", size == Long.MAX_VALUE ? "infinite_space_size" : Long.toString(size));
        return facts;
    }
}
