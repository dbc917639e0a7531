/// MLflow's way of asking and answering, shared by the features that speak it: [MlflowRoutes] mounts a door under
/// every prefix clients use, [MlflowRequest] reads parameters with MLflow's own complaints, [MlflowJson] writes
/// answers, [Filter] and [OrderBy] parse the search grammar, [Conditions] turns it into SQL.
@NullMarked
package atelier.mlflow;

import org.jspecify.annotations.NullMarked;
