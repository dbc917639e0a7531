package atelier.environments.http;

import atelier.environments.BuildStatus;
import atelier.environments.EnvironmentBuilds;
import atelier.environments.Environments;
import atelier.environments.Environments.Definition;
import atelier.kernel.Json;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `GET` and `POST …/atelier/environments/{name}/versions/{version}/build`.
public final class BuildRoutes {
    private static final String BUILD = Arm.WORKSPACE + "/atelier/environments/{name}/versions/{version}/build";

    private final Environments environments;
    private final EnvironmentBuilds builds;
    private final Workspaces workspaces;

    private BuildRoutes(Environments environments, EnvironmentBuilds builds, Workspaces workspaces) {
        this.environments = environments;
        this.builds = builds;
        this.workspaces = workspaces;
    }

    public static Routes create(Environments environments, EnvironmentBuilds builds, Workspaces workspaces) {
        BuildRoutes routes = new BuildRoutes(environments, builds, workspaces);
        return new Routes(ArmProblems.INSTANCE)
                .get(BUILD, exchange -> Response.ok(resource(routes.builds.status(routes.definition(exchange)))))
                .post(BUILD, exchange -> {
                    BuildStatus status = routes.builds.start(routes.definition(exchange));
                    int code = status.status() == BuildStatus.State.BUILDING ? 202 : 200;
                    return Response.json(code, resource(status));
                });
    }

    private Definition definition(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return environments.resolve(workspace, exchange.path("name") + ":" + exchange.path("version"));
    }

    static ObjectNode resource(BuildStatus status) {
        return Json.object()
                .put("status", status.status().text())
                .put("python", status.python())
                .put("hash", status.hash())
                .put("lock", status.lock())
                .put("log", status.log())
                .put("sizeBytes", status.sizeBytes())
                .put("startedAt", text(status.startedAt()))
                .put("finishedAt", text(status.finishedAt()))
                .put("error", status.error());
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
