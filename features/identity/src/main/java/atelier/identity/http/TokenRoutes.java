package atelier.identity.http;

import atelier.identity.Callers;
import atelier.identity.StudioLinks;
import atelier.identity.Tokens;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;

/// The managed-identity token endpoint (App Service's form, api-version 2019-08-01, and Azure ML's, 2017-09-01), which
/// `DefaultAzureCredential` finds by `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`; and the studio's one-time link.
public final class TokenRoutes {
    private static final Duration LIFE = Duration.ofHours(24);
    private static final Duration SESSION = Duration.ofDays(30);
    private final Tokens tokens;
    private final StudioLinks links;
    private final String identitySecret;
    private final InstantSource clock;

    public TokenRoutes(Tokens tokens, StudioLinks links, String identitySecret, InstantSource clock) {
        this.tokens = tokens;
        this.links = links;
        this.identitySecret = identitySecret;
        this.clock = clock;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .open("GET", "/msi/token", this::token)
                .open("GET", "/obo/{secret}/token", this::onBehalf)
                .post("/atelier/studio-links", this::newLink)
                .open("GET", "/studio/open", this::open);
    }

    /// `AzureMLOnBehalfOfCredential` of azure-ai-ml asks without a header, on a port that only the job can reach;
    /// here the job's own address (`OBO_ENDPOINT`) carries its secret.
    private Response onBehalf(Exchange exchange) {
        return token(exchange, tokens.verify(exchange.path("secret")));
    }

    private Response token(Exchange exchange) {
        return token(exchange, identity(exchange));
    }

    private Response token(Exchange exchange, Caller caller) {
        String resource = exchange.query("resource");
        if (resource == null || resource.isEmpty()) {
            throw new Problem.Invalid("invalid_request", "The query needs 'resource'.", "resource");
        }
        String audience = resource.endsWith("/.default")
                ? resource.substring(0, resource.length() - "/.default".length())
                : resource;
        long expires = clock.instant().plus(LIFE).getEpochSecond();
        return Response.ok(Json.object()
                        .put("access_token", tokens.issue(caller, audience, LIFE))
                        .put("expires_on", Long.toString(expires))
                        .put("expires_in", Long.toString(LIFE.toSeconds()))
                        .put("resource", resource)
                        .put("client_id", caller.objectId())
                        .put("token_type", "Bearer"))
                .header("Cache-Control", "no-store");
    }

    /// The secret of this installation stands for the owner; a job's own token for the job.
    private Caller identity(Exchange exchange) {
        String secret = exchange.header("X-IDENTITY-HEADER");
        if (secret == null) {
            secret = exchange.header("secret");
        }
        if (secret == null) {
            throw new Problem.Unauthenticated(
                    "The token endpoint needs the header X-IDENTITY-HEADER; `atelier env` prints IDENTITY_HEADER.");
        }
        boolean owner = MessageDigest.isEqual(
                secret.getBytes(StandardCharsets.UTF_8), identitySecret.getBytes(StandardCharsets.UTF_8));
        return owner ? tokens.owner() : tokens.verify(secret);
    }

    private Response newLink(Exchange exchange) {
        if (exchange.caller().kind() != Caller.Kind.USER) {
            throw new Problem.Forbidden("AuthorizationFailed", "Only a person may open the studio.");
        }
        return Response.json(201, Json.object().put("url", exchange.baseUrl() + "/studio/open?code=" + links.newCode()))
                .header("Cache-Control", "no-store");
    }

    private Response open(Exchange exchange) {
        if (!links.redeem(exchange.query("code", ""))) {
            String page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Atelier</title>"
                    + "<body style=\"font-family:sans-serif;margin:4rem auto;max-width:32rem\">"
                    + "<h1>This link was used or is too old</h1>"
                    + "<p>A link opens the studio once, within ten minutes. Run <code>atelier open</code> for a new one.</p>";
            return Response.bytes(403, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
        }
        String session = tokens.issue(tokens.owner(), "atelier-studio", SESSION);
        return Response.status(303)
                .header("Location", "/studio/")
                .header("Cache-Control", "no-store")
                .addHeader(
                        "Set-Cookie",
                        Callers.cookieName(exchange) + "=" + session + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
                                + SESSION.toSeconds() + (exchange.secure() ? "; Secure" : ""));
    }
}
