/// Jobs: accepted, queued, run, found again after a crash, ended once.
///
/// Start with [Jobs], the verbs, and [JobState], the states. What a type of job does is a [Jobs.JobKind];
/// command jobs
/// are the one that lives here (`internal.CommandKind`), pipelines bring theirs. [JobLogs] reads what jobs
/// print,
/// [OutputAssets] turns their outputs into assets, [JobsFeature] wires all of it.
@NullMarked
package atelier.jobs;

import org.jspecify.annotations.NullMarked;
