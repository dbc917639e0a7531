/// Pipelines: graphs of components, each step a job, unchanged steps reused.
///
/// Start with [Graph], what a pipeline job says; [Component], what a step is made of;
/// `internal.PipelineKind`, how it
/// runs; `internal.Reuse`, why a step is not run again. [PipelinesFeature] wires them.
@NullMarked
package atelier.pipelines;

import org.jspecify.annotations.NullMarked;
