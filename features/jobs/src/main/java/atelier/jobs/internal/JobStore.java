package atelier.jobs.internal;

import atelier.jobs.Jobs.Change;
import atelier.jobs.Jobs.Filter;
import atelier.kernel.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where jobs are kept.
public interface JobStore {
    /// Keeps a new job with its first history row; false when the name is taken.
    boolean insert(JobRecord job, Instant leaseUntil);

    Optional<JobRecord> find(String workspaceId, String name);

    /// Keeps `next` when the stored version is still that of `expected`, and a history row when the state
    /// differs;
    /// the kept record, or nothing when somebody was faster.
    Optional<JobRecord> replace(JobRecord expected, JobRecord next, Instant now);

    List<JobRecord> children(String workspaceId, String parent);

    Page<JobRecord> list(String workspaceId, Filter filter, @Nullable String marker, int max);

    List<Change> history(String workspaceId, String name);

    void delete(String workspaceId, String name);

    /// Makes `owner` the owner of all active jobs of the same host, and of those of others whose lease ran
    /// out.
    ///
    /// @return the jobs taken over, oldest first
    List<JobRecord> takeOver(String owner, String host, Instant now, Instant leaseUntil);

    /// Renews the leases of all active jobs of an owner.
    void renew(String owner, Instant leaseUntil);

    /// Runs `work` so that all its changes are kept or none.
    <T> T inTransaction(Supplier<T> work);
}
