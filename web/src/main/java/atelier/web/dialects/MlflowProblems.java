package atelier.web.dialects;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.ProblemRenderer;
import atelier.web.Response;

/// `{"error_code","message"}` with MLflow's codes and statuses (mlflow.protos.databricks_pb2.ErrorCode).
/// MLflow's Python client retries 429 and 5xx for minutes, so a client's mistake is never one of those.
public final class MlflowProblems implements ProblemRenderer {
    public static final MlflowProblems INSTANCE = new MlflowProblems();

    private MlflowProblems() {}

    @Override
    public Response render(Problem problem, Exchange exchange) {
        return switch (problem) {
            // Newer clients try an older address when this one is not there.
            case Problem.NotFound p ->
                error(404, p.code().equals("NotFound") ? "ENDPOINT_NOT_FOUND" : "RESOURCE_DOES_NOT_EXIST", problem);
            case Problem.AlreadyExists _ -> error(400, "RESOURCE_ALREADY_EXISTS", problem);
            case Problem.Conflict _ -> error(409, "RESOURCE_CONFLICT", problem);
            case Problem.Invalid _, Problem.TooLarge _, Problem.PreconditionFailed _ ->
                error(400, "INVALID_PARAMETER_VALUE", problem);
            case Problem.Forbidden _ -> error(403, "PERMISSION_DENIED", problem);
            case Problem.Unauthenticated _ ->
                error(401, "UNAUTHENTICATED", problem).header("WWW-Authenticate", "Bearer realm=\"atelier\"");
            case Problem.Busy busy ->
                error(429, "REQUEST_LIMIT_EXCEEDED", problem)
                        .header("Retry-After", Integer.toString(busy.retryAfterSeconds()));
            case Problem.Unsupported p ->
                p.code().equals("MethodNotAllowed")
                        ? error(405, "ENDPOINT_NOT_FOUND", problem)
                        : error(501, "NOT_IMPLEMENTED", problem);
            case Problem.Unavailable p ->
                error(p.code().equals("InsufficientStorage") ? 507 : 503, "TEMPORARILY_UNAVAILABLE", problem);
        };
    }

    private static Response error(int status, String code, Problem problem) {
        return Response.json(status, Json.object().put("error_code", code).put("message", problem.message()));
    }
}
