/// Online endpoints: models that answer over HTTP. Start with [Endpoints] (addresses, traffic, keys) and [Deployments]
/// (models behind them); [Scoring] decides who may score and which process answers; [EndpointsFeature] wires it all.
/// A deployment's way: [DeploymentSpec] (what is wanted), [ServingPlan] (what is run), `internal.RollOut` (how one
/// becomes the other), `internal.Instance` (one process and its successors).
@NullMarked
package atelier.endpoints;

import org.jspecify.annotations.NullMarked;
