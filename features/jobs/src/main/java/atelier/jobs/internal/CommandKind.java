package atelier.jobs.internal;

import atelier.compute.Processes.Handle;
import atelier.compute.Processes.State;
import atelier.compute.Slots;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.Jobs.JobKind;
import atelier.jobs.Jobs.Outcome;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A command: prepared, started once, awaited (also by a server that did not start it), its outputs kept.
public final class CommandKind implements JobKind {
    private static final int GRACE_SECONDS = 10;
    /// States in which the process had been started for certain.
    private static final Set<String> STARTED = Set.of("Running", "Finalizing");

    private final CommandTools tools;
    private final CommandStart start;

    public CommandKind(CommandTools tools) {
        this.tools = tools;
        this.start = new CommandStart(tools);
    }

    @Override
    public String type() {
        return "Command";
    }

    @Override
    public void validate(Workspace workspace, ObjectNode properties) {
        CommandPlan plan = CommandPlan.of(properties);
        tools.environments().resolve(workspace, plan.environment());
        tools.computes().requireKnown(workspace, properties.path("computeId").asString(""));
        String code = plan.code();
        if (code != null) {
            tools.code().locate(workspace, code);
        }
        plan.outputs()
                .forEach((name, output) ->
                        tools.uris().resolve(workspace, tools.outputs().uri(workspace, "job", name, output)));
    }

    @Override
    public Outcome run(Workspace workspace, Job job, boolean resumed, JobContext context) throws InterruptedException {
        JobFolder folder = JobFolder.of(tools.folders(), workspace.id(), job.name());
        CommandPlan plan = CommandPlan.of(job.properties());
        Optional<Handle> found = resumed ? folder.lastProcess().flatMap(tools.processes()::find) : Optional.empty();
        if (found.isPresent()) {
            context.log("The server was started again and found the process of this job (pid "
                    + found.get().pid() + ").");
            try (Slots.Ticket _ = tools.slots().occupy(job.name())) {
                return await(found.get(), workspace, job, plan, folder, context);
            }
        }
        if (resumed && STARTED.contains(job.status())) {
            return lost("its folder holds no trace of it");
        }
        if (context.cancelRequested()) {
            return new Outcome.Canceled();
        }
        try (CommandStart.Started started = start.start(workspace, job, plan, folder, context)) {
            Handle handle = started.handle();
            return handle == null ? new Outcome.Canceled() : await(handle, workspace, job, plan, folder, context);
        } catch (IOException e) {
            throw new Problem.Unavailable("JobNotStarted", "The job could not be prepared: " + e.getMessage(), e);
        }
    }

    private Outcome await(
            Handle handle, Workspace workspace, Job job, CommandPlan plan, JobFolder folder, JobContext context)
            throws InterruptedException {
        context.state("Running");
        context.onCancel(() -> Thread.startVirtualThread(() -> handle.kill(GRACE_SECONDS)));
        AtomicBoolean late = new AtomicBoolean();
        Thread timer = timer(job, plan, handle, late);
        State.Ended ended;
        try {
            ended = handle.await();
        } finally {
            if (timer != null) {
                timer.interrupt();
            }
        }
        // What the command left behind in the background must not outlive it.
        handle.kill(0);
        try {
            return finish(ended, late.get(), workspace, job, plan, folder, context);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "OutputsNotKept", "What the job wrote could not be kept: " + e.getMessage(), e);
        }
    }

    private @Nullable Thread timer(Job job, CommandPlan plan, Handle handle, AtomicBoolean late) {
        Duration timeout = plan.timeout();
        if (timeout == null) {
            return null;
        }
        Instant now = tools.clock().instant();
        Instant startedAt = job.startedAt() == null ? now : job.startedAt();
        Duration left = timeout.minus(Duration.between(startedAt, now));
        return Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(left.isNegative() ? Duration.ZERO : left);
                late.set(true);
                handle.kill(GRACE_SECONDS);
            } catch (InterruptedException e) {
                // The command ended in time.
                Thread.currentThread().interrupt();
            }
        });
    }

    private Outcome finish(
            State.Ended ended,
            boolean late,
            Workspace workspace,
            Job job,
            CommandPlan plan,
            JobFolder folder,
            JobContext context)
            throws IOException {
        context.state("Finalizing");
        tools.outputs().keepArtifacts(workspace, job.name(), folder);
        if (context.cancelRequested()) {
            context.log("The job was canceled; its process is ended.");
            return new Outcome.Canceled();
        }
        if (late) {
            return new Outcome.Failed(
                    "JobTimedOut", "The job ran longer than its limit of " + plan.timeout() + " and was ended.");
        }
        return switch (ended) {
            case State.Exited(int code)
            when code == 0 -> {
                tools.outputs().keep(workspace, job, plan, folder, context);
                yield new Outcome.Completed();
            }
            case State.Exited(int code) ->
                new Outcome.Failed(
                        "UserError",
                        "The command ended with exit code " + code + "."
                                + LogTail.of(Launch.telling(plan.distribution(), folder)));
            case State.Lost() -> lost("it ended without leaving an exit code");
        };
    }

    private static Outcome lost(String how) {
        return new Outcome.Failed(
                "JobLost",
                "The process of this job is gone and " + how
                        + ": the machine was restarted, or the process was killed from outside. Submit the job again.");
    }
}
