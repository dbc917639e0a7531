package atelier.jobs.internal;

import atelier.jobs.JobState;
import atelier.jobs.Jobs.JobContext;
import atelier.kernel.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// A job this server works on: its changes go through compare-and-set, and stop when another server took it
/// over.
final class RunningJob implements JobContext {
    private final JobsService service;
    private final String workspaceId;
    private final String name;
    private final Caller creator;
    private final JobFolder folder;
    private final List<Runnable> cancelActions = new ArrayList<>();
    private boolean cancelRequested;

    RunningJob(JobsService service, JobRecord record, JobFolder folder) {
        this.service = service;
        this.workspaceId = record.job().workspaceId();
        this.name = record.job().name();
        this.creator = record.creator();
        this.folder = folder;
        this.cancelRequested = record.state() instanceof JobState.CancelRequested;
    }

    /// Another server run owns the job now: this one must not touch it any more.
    static final class TakenOver extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TakenOver(String job) {
            super("Another server took over job " + job, null, false, false);
        }
    }

    void cancel() {
        List<Runnable> actions;
        synchronized (this) {
            if (cancelRequested) {
                return;
            }
            cancelRequested = true;
            actions = List.copyOf(cancelActions);
        }
        actions.forEach(Runnable::run);
    }

    @Override
    public synchronized boolean cancelRequested() {
        return cancelRequested;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelRequested) {
                cancelActions.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public void state(String status) {
        service.advance(workspaceId, name, status);
    }

    @Override
    public void update(UnaryOperator<ObjectNode> change) {
        service.changeOwn(
                workspaceId,
                name,
                record -> record.with(
                        change.apply(record.job().properties().deepCopy()),
                        record.job().displayName(),
                        record.job().archived()));
    }

    @Override
    public void log(String line) {
        folder.append(JobFolder.EXECUTION_LOG, service.now(), line);
    }

    @Override
    public void log(String log, String line) {
        folder.append(log, service.now(), line);
    }

    @Override
    public Caller caller() {
        return creator;
    }
}
