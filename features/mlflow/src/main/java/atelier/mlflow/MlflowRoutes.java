package atelier.mlflow;

import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.MlflowProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.util.List;

/// Mounts MLflow calls under each address clients use: `/mlflow/v1.0{ws}` and `/mlflow/v2.0{ws}` (the Azure ML SDK
/// rewrites one into the other), and below these both `/api/…` and the web page's `/ajax-api/…`.
public final class MlflowRoutes {
    private static final List<String> PREFIXES = List.of("/mlflow/v1.0", "/mlflow/v2.0");
    private final Routes routes = new Routes(MlflowProblems.INSTANCE);
    private final Workspaces workspaces;

    public MlflowRoutes(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    /// Answers one call.
    @FunctionalInterface
    public interface Call {
        Response answer(MlflowRequest request) throws IOException;
    }

    /// Answers one exchange whose body is not JSON; the request's own fields are empty.
    @FunctionalInterface
    public interface Raw {
        Response answer(atelier.web.Exchange exchange, atelier.workspace.Workspace workspace) throws IOException;
    }

    /// A call of the 2.0 API: `path` is below `/api/2.0/mlflow/`.
    public MlflowRoutes call(String method, String path, Call call) {
        return mount(method, "2.0/mlflow/" + path, call);
    }

    /// A call of the 3.0 API: `path` is below `/api/3.0/mlflow/`.
    public MlflowRoutes call3(String method, String path, Call call) {
        return mount(method, "3.0/mlflow/" + path, call);
    }

    private MlflowRoutes mount(String method, String path, Call call) {
        return rawApi(method, path, (exchange, ws) -> call.answer(MlflowRequest.of(exchange, ws)));
    }

    /// A raw exchange below `/api/` and `/ajax-api/`, e.g. `2.0/mlflow-artifacts/artifacts/{path...}`.
    public MlflowRoutes rawApi(String method, String path, Raw raw) {
        return raw(method, "/api/" + path, raw).raw(method, "/ajax-api/" + path, raw);
    }

    /// A raw exchange directly below the tracking address, e.g. `/version`.
    public MlflowRoutes raw(String method, String path, Raw raw) {
        for (String prefix : PREFIXES) {
            routes.add(
                    method,
                    prefix + Arm.WORKSPACE + path,
                    exchange -> raw.answer(
                            exchange,
                            workspaces.get(
                                    exchange.path("subscription"),
                                    exchange.path("group"),
                                    exchange.path("workspace"))));
        }
        return this;
    }

    public Routes routes() {
        return routes;
    }
}
