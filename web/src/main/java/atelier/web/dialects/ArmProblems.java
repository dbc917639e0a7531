package atelier.web.dialects;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.ProblemRenderer;
import atelier.web.Response;
import atelier.web.Statuses;
import tools.jackson.databind.node.ObjectNode;

/// `{"error":{"code","message","target"}}`, as Azure Resource Manager answers (Microsoft REST API guidelines,
/// 7.10.2).
public final class ArmProblems implements ProblemRenderer {
    public static final ArmProblems INSTANCE = new ArmProblems();

    private ArmProblems() {}

    @Override
    public Response render(Problem problem, Exchange exchange) {
        ObjectNode error = Json.object().put("code", problem.code()).put("message", problem.message());
        String target = problem.target();
        if (target != null) {
            error.put("target", target);
        }
        Response response = Response.json(Statuses.of(problem), Json.object().set("error", error))
                .header("x-ms-error-code", problem.code());
        return switch (problem) {
            case Problem.Unauthenticated _ -> response.header("WWW-Authenticate", "Bearer realm=\"atelier\"");
            case Problem.Busy busy -> response.header("Retry-After", Integer.toString(busy.retryAfterSeconds()));
            default -> response;
        };
    }
}
