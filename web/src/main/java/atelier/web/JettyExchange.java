package atelier.web;

import atelier.kernel.Caller;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// [Exchange] over Jetty's request.
final class JettyExchange implements Exchange {
    private final Request request;
    private final String requestId;
    private Map<String, String> parameters = Map.of();
    private @Nullable Map<String, List<String>> queries;
    private @Nullable Caller caller;

    JettyExchange(Request request, String requestId) {
        this.request = request;
        this.requestId = requestId;
    }

    void matched(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    void identified(@Nullable Caller caller) {
        this.caller = caller;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String rawPath() {
        String path = request.getHttpURI().getPath();
        return path == null ? "/" : path;
    }

    @Override
    public @Nullable String rawQuery() {
        return request.getHttpURI().getQuery();
    }

    @Override
    public String path(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The route has no parameter '" + name + "'");
        }
        return value;
    }

    @Override
    public Map<String, List<String>> queries() {
        Map<String, List<String>> parsed = queries;
        if (parsed == null) {
            parsed = Paths.query(rawQuery());
            queries = parsed;
        }
        return parsed;
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            headers.add(Map.entry(field.getName(), value == null ? "" : value));
        }
        return headers;
    }

    @Override
    public InputStream body() {
        return Content.Source.asInputStream(request);
    }

    @Override
    public long contentLength() {
        return request.getLength();
    }

    @Override
    public boolean secure() {
        return request.isSecure();
    }

    @Override
    public String baseUrl() {
        String host = header("Host");
        if (host == null) {
            host = Request.getServerName(request) + ":" + Request.getServerPort(request);
        }
        return (secure() ? "https://" : "http://") + host;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public @Nullable Caller callerIfKnown() {
        return caller;
    }
}
