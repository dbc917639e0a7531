package atelier.jobs.internal;

import atelier.jobs.JobState;
import atelier.jobs.Jobs;
import atelier.kernel.Caller;
import atelier.kernel.Names;
import atelier.kernel.Nearest;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of jobs. What a job does is the business of its [Jobs.JobKind]; what it may become is that of
/// [JobState];
/// here both meet the store. [JobRunner] brings the threads.
public final class JobsService implements Jobs {
    /// Types that Azure has.
    private static final Set<String> ELSEWHERE =
            Set.of("automl", "sweep", "spark", "labeling", "finetuning", "distillation");
    static final Duration LEASE = Duration.ofSeconds(60);
    private final JobStore store;
    private final JobBackground background;
    private final InstantSource clock;
    private final String owner;
    private final String host;
    private final JobRunner runner;
    private Runnable beforeAbandon = () -> {};
    private final Map<String, JobKind> kinds = new ConcurrentHashMap<>();
    private final List<Consumer<Job>> listeners = new CopyOnWriteArrayList<>();

    /// @param owner id of this run of the server
    /// @param host id of its data folder
    public JobsService(JobStore store, JobBackground background, InstantSource clock, String owner, String host) {
        this.store = store;
        this.background = background;
        this.clock = clock;
        this.owner = owner;
        this.host = host;
        this.runner = new JobRunner(this, background);
    }

    @Override
    public void register(JobKind kind) {
        kinds.put(kind.type().toLowerCase(Locale.ROOT), kind);
    }

    @Override
    public void onChange(Consumer<Job> listener) {
        listeners.add(listener);
    }

    /// Takes up what an earlier run of the server left; after every kind is registered.
    public void recover() {
        background.sweep(this::find);
        for (JobRecord record : store.takeOver(owner, host, now(), leaseEnd())) {
            runner.start(record, kind(record.job().type()), true);
        }
    }

    /// Renews the leases of the jobs this server works on.
    public void heartbeat() {
        store.renew(owner, leaseEnd());
    }

    /// [#heartbeat()] four times in a lease, until [#abandon()].
    public void keepLeases() {
        Thread.ofVirtual().name("job-leases").start(() -> {
            try {
                Thread.sleep(LEASE.dividedBy(4));
                while (!runner.abandoned()) {
                    heartbeat();
                    Thread.sleep(LEASE.dividedBy(4));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// What is to be stopped before the jobs are let go of: nothing may start any more.
    public void beforeAbandon(Runnable action) {
        beforeAbandon = action;
    }

    /// As if the server were killed: nothing that still runs here changes a job any more.
    public void abandon() {
        beforeAbandon.run();
        runner.abandon();
    }

    @Override
    public Job submit(Workspace workspace, String name, ObjectNode given, @Nullable String parent, Caller caller) {
        JobKind kind = kind(given.path("jobType").asString(""));
        Names.job(name);
        ObjectNode properties = kind.accept(workspace, given);
        kind.validate(workspace, properties);
        JobRecord record = insert(workspace, name, kind, properties, parent, caller, new JobState.Queued());
        runner.start(record, kind, false);
        return record.job();
    }

    @Override
    public void check(Workspace workspace, ObjectNode properties) {
        JobKind kind = kind(properties.path("jobType").asString(""));
        kind.validate(workspace, kind.accept(workspace, properties));
    }

    @Override
    public Job record(
            Workspace workspace,
            String name,
            ObjectNode properties,
            @Nullable String parent,
            Outcome outcome,
            Caller caller) {
        JobKind kind = kind(properties.path("jobType").asString(""));
        JobState end = new JobState.Queued().end(outcome);
        return insert(workspace, Names.job(name), kind, properties, parent, caller, end)
                .job();
    }

    private JobRecord insert(
            Workspace workspace,
            String name,
            JobKind kind,
            ObjectNode properties,
            @Nullable String parent,
            Caller caller,
            JobState state) {
        Instant now = now();
        String displayName = properties.path("displayName").asString("");
        String experiment = properties.path("experimentName").asString("");
        boolean ended = state instanceof JobState.Ended;
        Job queued = new Job(
                workspace.id(),
                name,
                kind.type(),
                "Queued",
                displayName.isEmpty() ? name : displayName,
                experiment.isEmpty() ? "Default" : experiment,
                parent,
                properties.deepCopy(),
                null,
                null,
                caller.name(),
                now,
                ended ? now : null,
                null,
                properties.path("isArchived").asBoolean(false));
        JobRecord made = new JobRecord(queued, 0, caller, owner, host).with(state, now);
        store.inTransaction(() -> {
            if (!store.insert(made, leaseEnd())) {
                throw new Problem.AlreadyExists(
                        "JobExists", "There is a job '" + name + "' already; names of jobs are used once.");
            }
            background.created(workspace, made.job(), caller);
            return made;
        });
        tell(made.job());
        return made;
    }

    private JobKind kind(String type) {
        JobKind kind = kinds.get(type.toLowerCase(Locale.ROOT));
        if (kind == null) {
            List<String> known =
                    kinds.values().stream().map(JobKind::type).sorted().toList();
            String shown = type.length() <= 80 ? type : type.substring(0, 77) + "...";
            String said = "'" + shown + "' is no job type of this server; it runs " + String.join(", ", known) + "."
                    + Nearest.hint(shown, known);
            if (ELSEWHERE.contains(type.toLowerCase(Locale.ROOT))) {
                throw new Problem.Unsupported("JobTypeNotSupported", said + Jobs.instead(type));
            }
            throw new Problem.Invalid(said, "jobType");
        }
        return kind;
    }

    @Override
    public Optional<Job> find(Workspace workspace, String name) {
        return store.find(workspace.id(), name).map(JobRecord::job);
    }

    @Override
    public Job get(Workspace workspace, String name) {
        return find(workspace, name)
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound", "There is no job '" + name + "' in workspace '" + workspace.name() + "'."));
    }

    @Override
    public List<Job> children(Workspace workspace, String parent) {
        return store.children(workspace.id(), parent).stream()
                .map(JobRecord::job)
                .toList();
    }

    @Override
    public Page<Job> list(Workspace workspace, Filter filter, @Nullable String marker, int max) {
        Page<JobRecord> page = store.list(workspace.id(), filter, marker, max);
        return new Page<>(page.items().stream().map(JobRecord::job).toList(), page.next());
    }

    @Override
    public List<Change> history(Workspace workspace, String name) {
        return store.history(workspace.id(), name);
    }

    @Override
    public Job change(Workspace workspace, String name, ObjectNode properties, Caller caller) {
        get(workspace, name);
        JobRecord changed = store.inTransaction(() -> {
            JobRecord kept =
                    replace(workspace.id(), name, false, record -> Optional.of(JobChange.apply(record, properties)));
            background.changed(workspace, kept.job());
            return kept;
        });
        tell(changed.job());
        return changed.job();
    }

    @Override
    public void cancel(Workspace workspace, String name, Caller caller) {
        Job job = get(workspace, name);
        if (!job.isFinal()) {
            JobRecord asked = replace(
                    workspace.id(),
                    name,
                    false,
                    record -> record.state() instanceof JobState.Active active
                            ? Optional.of(record.with(active.requestCancel(), now()))
                            : Optional.empty());
            tell(asked.job());
            runner.cancel(workspace.id(), name);
        }
        for (Job child : children(workspace, name)) {
            cancel(workspace, child.name(), caller);
        }
    }

    @Override
    public void delete(Workspace workspace, String name, Caller caller) {
        Job job = get(workspace, name);
        if (!job.isFinal()) {
            throw new Problem.Conflict(
                    "JobNotEnded", "Job '" + name + "' is " + job.status() + "; cancel it before it is deleted.");
        }
        children(workspace, name).forEach(child -> delete(workspace, child.name(), caller));
        store.delete(workspace.id(), name);
        background.deleted(workspace, job);
    }

    /// A runner's step to another state; nothing when the present state does not lead there.
    void advance(String workspaceId, String name, String status) {
        JobRecord kept = store.inTransaction(() -> {
            JobRecord next = changeOwn(
                    workspaceId,
                    name,
                    record -> record.state() instanceof JobState.Active active
                            ? active.advance(status)
                                    .map(state -> record.with(state, now()))
                                    .orElse(record)
                            : record);
            if (next.job().status().equals(status)) {
                background.advanced(next.job());
            }
            return next;
        });
        tell(kept.job());
    }

    /// A runner's end of its job, in one transaction with the run's.
    Job end(String workspaceId, String name, Outcome outcome) {
        JobRecord kept = store.inTransaction(() -> {
            JobRecord next = changeOwn(
                    workspaceId,
                    name,
                    record -> record.state() instanceof JobState.Active active
                            ? record.with(active.end(outcome), now())
                            : record);
            background.ended(next.job());
            return next;
        });
        tell(kept.job());
        return kept.job();
    }

    /// A change by the runner, who must still own the job.
    JobRecord changeOwn(String workspaceId, String name, UnaryOperator<JobRecord> change) {
        return replace(workspaceId, name, true, record -> {
            JobRecord next = change.apply(record);
            return next.equals(record) ? Optional.empty() : Optional.of(next);
        });
    }

    /// Compare-and-set until it holds; an empty change keeps the record as it is.
    private JobRecord replace(
            String workspaceId,
            String name,
            boolean ownOnly,
            java.util.function.Function<JobRecord, Optional<JobRecord>> change) {
        while (true) {
            JobRecord record =
                    store.find(workspaceId, name).orElseThrow(() -> new RunningJob.TakenOver(name + " (deleted)"));
            if (ownOnly && (!record.owner().equals(owner) || runner.abandoned())) {
                throw new RunningJob.TakenOver(name);
            }
            Optional<JobRecord> next = change.apply(record);
            if (next.isEmpty()) {
                return record;
            }
            Optional<JobRecord> kept = store.replace(record, next.get(), now());
            if (kept.isPresent()) {
                return kept.get();
            }
        }
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Instant leaseEnd() {
        return now().plus(LEASE);
    }

    private void tell(Job job) {
        listeners.forEach(listener -> listener.accept(job));
    }
}
