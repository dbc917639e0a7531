/// Batch endpoints: models and pipelines that score whole folders, as jobs. Start with [BatchEndpoints] and
/// [BatchDeployments] (what is kept) and [BatchJobs] (an invocation becomes a pipeline job). A model's job is a job of
/// type `Parallel`, `internal.ParallelKind`, which pipelines use too: worker processes that take mini-batches.
@NullMarked
package atelier.batch;

import org.jspecify.annotations.NullMarked;
