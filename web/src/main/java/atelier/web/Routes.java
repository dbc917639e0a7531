package atelier.web;

import java.util.ArrayList;
import java.util.List;

/// The routes of one door in one dialect, collected by a feature and handed to the gateway.
///
/// ```java
/// Routes routes = new Routes(ArmProblems.INSTANCE);
/// routes.get("/things/{name}", exchange -> Response.ok(things.get(exchange.path("name"))));
/// ```
public final class Routes {
    private final ProblemRenderer dialect;
    private final List<Route> routes = new ArrayList<>();

    public Routes(ProblemRenderer dialect) {
        this.dialect = dialect;
    }

    public Routes get(String template, Handler handler) {
        return add("GET", template, handler);
    }

    public Routes put(String template, Handler handler) {
        return add("PUT", template, handler);
    }

    public Routes post(String template, Handler handler) {
        return add("POST", template, handler);
    }

    public Routes patch(String template, Handler handler) {
        return add("PATCH", template, handler);
    }

    public Routes delete(String template, Handler handler) {
        return add("DELETE", template, handler);
    }

    public Routes head(String template, Handler handler) {
        return add("HEAD", template, handler);
    }

    /// Any method; `*` in [Route#method].
    public Routes any(String template, Handler handler) {
        return add("*", template, handler);
    }

    public Routes add(String method, String template, Handler handler) {
        routes.add(new Route(method, template, handler, false, dialect));
        return this;
    }

    /// A route whose handler checks the credential itself, or whose answer is public.
    public Routes open(String method, String template, Handler handler) {
        routes.add(new Route(method, template, handler, true, dialect));
        return this;
    }

    public List<Route> list() {
        return List.copyOf(routes);
    }
}
