/// Taking in what another MLflow recorded. [Imports] has the verbs; the door is in `http`; who reads the other MLflow
/// is the command line (`atelier import mlflow`). Start reading at [ImportsFeature].
@NullMarked
package atelier.imports;

import org.jspecify.annotations.NullMarked;
