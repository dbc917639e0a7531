package atelier.schedules.internal;

import atelier.jobs.Jobs;
import atelier.kernel.Caller;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Jobs that are only written down. A `command` of `refuse` is refused, `break` breaks.
public final class FakeJobs implements Jobs {
    public final Map<String, Job> all = new ConcurrentSkipListMap<>();
    public final Map<String, Caller> callers = new ConcurrentSkipListMap<>();

    /// The next submission breaks off here, as a killed server does.
    public @Nullable Runnable beforeSubmit;

    @Override
    public void check(Workspace workspace, ObjectNode properties) {
        if (properties.path("jobType").asString().equals("Command") && !properties.has("command")) {
            throw new Problem.Invalid("A command job needs a 'command'.", "command");
        }
    }

    @Override
    public Job submit(Workspace workspace, String name, ObjectNode properties, @Nullable String parent, Caller caller) {
        Runnable interruption = beforeSubmit;
        if (interruption != null) {
            interruption.run();
        }
        String command = properties.path("command").asString("");
        if (command.equals("refuse")) {
            throw new Problem.Invalid("No, because it says so.", "command");
        }
        if (command.equals("break")) {
            throw new IllegalStateException("broken");
        }
        Job job = new Job(
                workspace.id(),
                name,
                properties.path("jobType").asString(""),
                "Queued",
                properties.path("displayName").asString(""),
                "Default",
                parent,
                properties,
                null,
                null,
                caller.name(),
                Instant.EPOCH,
                null,
                null,
                false);
        if (all.putIfAbsent(name, job) != null) {
            throw new Problem.AlreadyExists("JobExists", "There is a job '" + name + "' already.");
        }
        callers.put(name, caller);
        return job;
    }

    @Override
    public Optional<Job> find(Workspace workspace, String name) {
        return Optional.ofNullable(all.get(name));
    }

    @Override
    public Job get(Workspace workspace, String name) {
        return find(workspace, name).orElseThrow();
    }

    @Override
    public Job record(
            Workspace workspace,
            String name,
            ObjectNode properties,
            @Nullable String parent,
            Outcome outcome,
            Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Job> children(Workspace workspace, String parent) {
        return List.of();
    }

    @Override
    public Page<Job> list(Workspace workspace, Filter filter, @Nullable String marker, int max) {
        return Page.last(List.copyOf(all.values()));
    }

    @Override
    public List<Change> history(Workspace workspace, String name) {
        return List.of();
    }

    @Override
    public Job change(Workspace workspace, String name, ObjectNode properties, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cancel(Workspace workspace, String name, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Workspace workspace, String name, Caller caller) {
        all.remove(name);
    }

    @Override
    public void register(JobKind kind) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onChange(Consumer<Job> listener) {
        throw new UnsupportedOperationException();
    }
}
