package atelier.registries.http;

import atelier.kernel.Caller;
import atelier.web.Exchange;
import atelier.workspace.Workspace;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request for a registry, as a door made for workspaces reads it: the scope stands where the workspace does.
record ScopedExchange(Exchange given, Workspace scope) implements Exchange {
    @Override
    public String path(String name) {
        return switch (name) {
            case "subscription" -> scope.subscriptionId();
            case "group" -> scope.resourceGroup();
            case "workspace" -> scope.name();
            default -> given.path(name);
        };
    }

    @Override
    public String method() {
        return given.method();
    }

    @Override
    public String rawPath() {
        return given.rawPath();
    }

    @Override
    public @Nullable String rawQuery() {
        return given.rawQuery();
    }

    @Override
    public Map<String, List<String>> queries() {
        return given.queries();
    }

    @Override
    public @Nullable String header(String name) {
        return given.header(name);
    }

    @Override
    public List<Map.Entry<String, String>> headers() {
        return given.headers();
    }

    @Override
    public InputStream body() {
        return given.body();
    }

    @Override
    public long contentLength() {
        return given.contentLength();
    }

    @Override
    public boolean secure() {
        return given.secure();
    }

    @Override
    public String baseUrl() {
        return given.baseUrl();
    }

    @Override
    public String requestId() {
        return given.requestId();
    }

    @Override
    public @Nullable Caller callerIfKnown() {
        return given.callerIfKnown();
    }
}
