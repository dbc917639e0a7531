/// Sweeps: hyperparameter tuning. Many trials of one command, each a command job of its own, and the best one found.
///
/// Start with [Sweep], what a sweep job says; [SearchSpace] and [Distribution], what is tried; [Sampling], in which
/// order; [EarlyTermination], what is not worth going on with; `internal.SweepKind`, how it runs. [SweepsFeature] wires
/// them.
@NullMarked
package atelier.sweeps;

import org.jspecify.annotations.NullMarked;
