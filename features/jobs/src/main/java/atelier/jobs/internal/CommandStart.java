package atelier.jobs.internal;

import atelier.compute.Processes.Handle;
import atelier.compute.Processes.Spec;
import atelier.compute.Slots;
import atelier.environments.Environments.Definition;
import atelier.environments.Environments.Interpreter;
import atelier.jobs.Expressions;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.kernel.Json;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The way of a command job from accepted to running: environment, slot, code, inputs, process.
final class CommandStart {
    private final CommandTools tools;

    CommandStart(CommandTools tools) {
        this.tools = tools;
    }

    /// A running process and its slot; no process when the job was canceled on the way.
    record Started(@Nullable Handle handle, Slots.@Nullable Ticket slot) implements AutoCloseable {
        @Override
        public void close() {
            if (slot != null) {
                slot.close();
            }
        }
    }

    Started start(Workspace workspace, Job job, CommandPlan plan, JobFolder folder, JobContext context)
            throws IOException, InterruptedException {
        folder.clear();
        Optional<Interpreter> interpreter = interpreter(workspace, plan, folder, context);
        if (interpreter.isEmpty()) {
            return new Started(null, null);
        }
        // The slot comes before the copies: a hundred waiting jobs must not fill the disk.
        Slots.Ticket slot = tools.slots().request(job.name());
        try {
            Optional<Spec> spec = await(slot, context)
                    ? Optional.of(prepare(workspace, job, plan, folder, interpreter.get(), context))
                    : Optional.empty();
            if (spec.isEmpty() || context.cancelRequested()) {
                slot.close();
                return new Started(null, null);
            }
            return new Started(tools.processes().start(spec.get(), folder.nextProcess()), slot);
        } catch (IOException | InterruptedException | RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    /// Brings code and inputs, makes room for outputs.
    private Spec prepare(
            Workspace workspace,
            Job job,
            CommandPlan plan,
            JobFolder folder,
            Interpreter interpreter,
            JobContext context)
            throws IOException {
        if (!plan.inputs().values().stream().allMatch(CommandPlan.Input.Literal.class::isInstance)) {
            context.state("Preparing");
        }
        String code = plan.code();
        if (code != null) {
            tools.code().fetch(workspace, code, folder.code());
        }
        Files.createDirectories(folder.code().resolve("outputs"));
        Files.createDirectories(folder.code().resolve("logs"));
        config(workspace, folder);
        services(job, context);
        Map<String, String> inputs = tools.inputs().fetch(workspace, plan, folder);
        Map<String, String> outputs = tools.outputs().prepare(workspace, job.name(), plan, folder);
        String command = Expressions.command(plan.command(), inputs, outputs);
        Path python = JobPython.layer(interpreter, folder.root().resolve("python"));
        Map<String, String> variables = tools.variables()
                .of(
                        workspace,
                        job,
                        plan,
                        folder,
                        List.of(python, interpreter.home()),
                        inputs,
                        outputs,
                        tools.clock().instant());
        Distribution distribution = plan.distribution();
        if (distribution != null) {
            context.log(distribution.sentence());
        }
        context.log("Running: " + command);
        Launch.Start start = Launch.of(distribution, command, folder);
        return new Spec(start.command(), variables, folder.code(), start.log());
    }

    /// `MLClient.from_config()` looks for it in the folders above.
    private static void config(Workspace workspace, JobFolder folder) throws IOException {
        Files.writeString(
                folder.root().resolve("config.json"),
                Json.write(Json.object()
                        .put("subscription_id", workspace.subscriptionId())
                        .put("resource_group", workspace.resourceGroup())
                        .put("workspace_name", workspace.name())));
    }

    private static void services(Job job, JobContext context) {
        job.properties().path("services").properties().forEach(service -> {
            String type = service.getValue()
                    .path("jobServiceType")
                    .asString(service.getValue().path("type").asString(""));
            context.log("Service '" + service.getKey() + "' (" + type + ") is kept with the job but not offered: the"
                    + " job runs on this machine, where its files and its processes can be reached directly.");
        });
    }

    /// False when the job was canceled before its turn came.
    private static boolean await(Slots.Ticket slot, JobContext context) throws InterruptedException {
        if (!slot.granted()) {
            context.log(slot.reason());
            context.state("Queued");
            context.onCancel(slot::close);
        }
        return slot.await() && !context.cancelRequested();
    }

    /// Empty when the job was canceled meanwhile; the build goes on for whoever wants it next.
    private Optional<Interpreter> interpreter(
            Workspace workspace, CommandPlan plan, JobFolder folder, JobContext context) throws InterruptedException {
        Definition definition = tools.environments().resolve(workspace, plan.environment());
        Optional<Interpreter> built = tools.environments().ifBuilt(definition);
        if (built.isPresent()) {
            return built;
        }
        context.state("Preparing");
        context.log("Building the environment " + definition.label() + "; see " + JobFolder.BUILD_LOG);
        CompletableFuture<Interpreter> building = new CompletableFuture<>();
        context.onCancel(() -> building.cancel(false));
        Thread.startVirtualThread(() -> {
            try {
                building.complete(tools.environments().materialize(definition, line -> {
                    if (!building.isDone()) {
                        folder.append(JobFolder.BUILD_LOG, tools.clock().instant(), line);
                    }
                }));
            } catch (RuntimeException e) {
                building.completeExceptionally(e);
            }
        });
        try {
            Interpreter interpreter = building.get();
            context.log("The environment is ready: Python " + interpreter.version());
            return Optional.of(interpreter);
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
