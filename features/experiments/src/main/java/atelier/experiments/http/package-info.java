/// MLflow's tracking door: requests to verbs, values to JSON. Shapes are in [TrackingJson].
@NullMarked
package atelier.experiments.http;

import org.jspecify.annotations.NullMarked;
