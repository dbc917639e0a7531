/// The two doors of models: MLflow's registry and Azure ML's `{ws}/models`.
@NullMarked
package atelier.models.http;

import org.jspecify.annotations.NullMarked;
