package atelier.jobs.internal;

import atelier.jobs.Jobs;
import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Who a running job is to this server.
public final class JobCallers {
    private static final String PREFIX = "job:";

    private JobCallers() {}

    static Caller of(String workspaceId, String job) {
        String name = PREFIX + job;
        String id = UUID.nameUUIDFromBytes((workspaceId + "/" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
        return new Caller(name, id, Caller.Kind.JOB);
    }

    /// Whether the caller is a job that has ended or was deleted.
    public static boolean ended(Caller caller, Jobs jobs, Workspaces workspaces) {
        if (caller.kind() != Caller.Kind.JOB || !caller.name().startsWith(PREFIX)) {
            return false;
        }
        String job = caller.name().substring(PREFIX.length());
        for (Workspace workspace : workspaces.list()) {
            if (of(workspace.id(), job).objectId().equals(caller.objectId())) {
                return jobs.find(workspace, job).map(Jobs.Job::isFinal).orElse(true);
            }
        }
        return true;
    }
}
