/// What a program did, call by call (traces and their spans), and what people, judges and code think of it
/// (assessments); the data sets and scorers of an evaluation. [Traces], [Spans], [Assessments], [TraceMetrics],
/// [EvaluationDatasets] and [Scorers] are the verbs; [TracesFeature] wires them.
@NullMarked
package atelier.traces;

import org.jspecify.annotations.NullMarked;
