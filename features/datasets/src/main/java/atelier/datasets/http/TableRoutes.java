package atelier.datasets.http;

import atelier.datasets.Tables;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspaces;

/// Atelier's own: `{ws}/atelier/data/{name}/versions/{version}/profile` and `…/preview?offset=0&limit=50`; the version
/// may be `latest`.
public final class TableRoutes {
    private static final String VERSION = Arm.WORKSPACE + "/atelier/data/{name}/versions/{version}";
    private final Tables tables;
    private final Workspaces workspaces;

    public TableRoutes(Tables tables, Workspaces workspaces) {
        this.tables = tables;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(VERSION + "/profile", this::profile)
                .get(VERSION + "/preview", this::preview);
    }

    private Response profile(Exchange exchange) {
        return Response.ok(tables.profile(workspaces.of(exchange), exchange.path("name"), exchange.path("version")));
    }

    private Response preview(Exchange exchange) {
        return Response.ok(tables.preview(
                workspaces.of(exchange),
                exchange.path("name"),
                exchange.path("version"),
                exchange.query("offset", 0),
                exchange.query("limit", 50)));
    }
}
