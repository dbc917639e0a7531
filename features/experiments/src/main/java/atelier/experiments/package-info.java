/// Experiments and runs, MLflow's tracking. Start with [Runs].
@NullMarked
package atelier.experiments;

import org.jspecify.annotations.NullMarked;
