package atelier.web;

import atelier.kernel.Json;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// What Jetty says itself, of requests that never reach a route (an address with a broken escape, headers that are too
/// long): in JSON, as Azure Resource Manager would, since such a request belongs to no dialect.
final class RawErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        String said = switch (code) {
            case 400 -> "This is no valid request: its address or its headers are broken.";
            case 413 -> "The body is larger than what is taken at this address.";
            case 414 -> "The address is too long.";
            case 431 -> "The headers of the request are too long.";
            default -> "The request was not answered (HTTP " + code + ").";
        };
        byte[] body = Json.MAPPER.writeValueAsBytes(Json.object()
                .set(
                        "error",
                        Json.object()
                                .put("code", code < 500 ? "BadRequest" : "InternalServerError")
                                .put("message", said)));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
