package atelier.app;

import atelier.kernel.Json;
import atelier.web.Response;
import atelier.web.Route;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /atelier/routes`: every address that this server answers, for those who test it or look for something:
/// `{"value":[{"method","template","dialect","open"}]}`, in the order of the templates.
final class RouteList {
    private RouteList() {}

    /// The routes given, and this one.
    static List<Routes> with(List<Routes> all) {
        List<Route> listed = new ArrayList<>();
        all.forEach(some -> listed.addAll(some.list()));
        Routes own = new Routes(ArmProblems.INSTANCE);
        own.get("/atelier/routes", _ -> Response.ok(document(listed)));
        listed.addAll(own.list());
        List<Routes> more = new ArrayList<>(all);
        more.add(own);
        return more;
    }

    private static ObjectNode document(List<Route> routes) {
        ArrayNode value = Json.array();
        routes.stream()
                .sorted(Comparator.comparing(Route::template).thenComparing(Route::method))
                .forEach(route -> value.add(Json.object()
                        .put("method", route.method())
                        .put("template", route.template())
                        .put("dialect", dialect(route))
                        .put("open", route.open())));
        ObjectNode document = Json.object();
        document.set("value", value);
        return document;
    }

    /// `arm`, `mlflow`, `blob`: after the class that says its problems.
    private static String dialect(Route route) {
        return route.dialect()
                .getClass()
                .getSimpleName()
                .replace("Problems", "")
                .toLowerCase(Locale.ROOT);
    }
}
