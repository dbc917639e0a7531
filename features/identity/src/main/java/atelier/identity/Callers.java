package atelier.identity;

import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.web.Authenticator;
import atelier.web.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Finds the caller of a request: a bearer token, a basic password that is a token (MLflow's
/// `MLFLOW_TRACKING_PASSWORD`), or the studio's session cookie. A cookie opens state-changing requests only together
/// with the
/// header `X-Atelier-Studio`, which another site's page cannot send.
public final class Callers implements Authenticator {
    /// The studio's session cookie. Cookies know no port: the name carries it, so that two servers do not end each
    /// other's
    /// sessions.
    public static final String COOKIE = "atelier_session";
    /// The header that the studio sends with every state-changing request.
    public static final String STUDIO_HEADER = "X-Atelier-Studio";

    private final Tokens tokens;

    public Callers(Tokens tokens) {
        this.tokens = tokens;
    }

    /// The cookie's name for the port of this request.
    public static String cookieName(Exchange exchange) {
        String base = exchange.baseUrl();
        String port = base.substring(base.lastIndexOf(':') + 1);
        return COOKIE + (port.matches("\\d+") ? "_" + port : "");
    }

    @Override
    public @Nullable Caller authenticate(Exchange exchange) {
        String authorization = exchange.header("Authorization");
        if (authorization != null) {
            if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
                return tokens.verify(authorization.substring(7).strip());
            }
            if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
                return tokens.verify(password(authorization.substring(6).strip()));
            }
            // Other schemes (SharedKey) are checked by the routes that know them.
            return null;
        }
        String session = cookie(exchange);
        if (session == null) {
            return null;
        }
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        return reads || exchange.header(STUDIO_HEADER) != null ? tokens.verify(session) : null;
    }

    private static String password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            throw new Problem.Unauthenticated("The basic credential is not base64.");
        }
    }

    private static @Nullable String cookie(Exchange exchange) {
        String cookies = exchange.header("Cookie");
        if (cookies == null) {
            return null;
        }
        String wanted = cookieName(exchange) + "=";
        for (String cookie : cookies.split(";")) {
            String trimmed = cookie.strip();
            if (trimmed.startsWith(wanted)) {
                return trimmed.substring(wanted.length());
            }
        }
        return null;
    }
}
