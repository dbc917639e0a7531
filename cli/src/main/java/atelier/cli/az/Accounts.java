package atelier.cli.az;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.http.Api;
import atelier.kernel.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `az account`, `az login`, `az version`: who one is here. One is signed in from the start, as the owner.
final class Accounts {
    private static final String TENANT = "00000000-0000-0000-0000-000000000000";

    private Accounts() {}

    static Map<String, Az.Verb> verbs() {
        Map<String, Az.Verb> verbs = new TreeMap<>();
        verbs.put("account show", (session, given) -> account(session, current(session), true));
        verbs.put("account list", (session, given) -> list(session));
        verbs.put("account set", Accounts::set);
        verbs.put("account clear", (session, given) -> Az.NOTHING);
        verbs.put("account get-access-token", Accounts::token);
        verbs.put("account list-locations", (session, given) -> Json.array().add(place(session)));
        verbs.put("login", (session, given) -> list(session));
        verbs.put("logout", (session, given) -> Az.NOTHING);
        verbs.put("version", (session, given) -> version(session));
        return verbs;
    }

    private static ObjectNode place(Session session) {
        Api api = session.api();
        String location = api.get(api.workspace()).path("location").asString("local");
        return Json.object().put("name", location).put("displayName", location);
    }

    /// The subscriptions under which workspaces stand.
    private static Set<String> subscriptions(Session session) {
        Set<String> ids = new LinkedHashSet<>();
        session.api()
                .me()
                .path("workspaces")
                .forEach(each -> ids.add(each.path("subscriptionId").asString("")));
        return ids;
    }

    static String current(Session session) {
        String chosen = session.settings().text("account", "subscription");
        return chosen == null ? subscriptions(session).iterator().next() : chosen;
    }

    private static ObjectNode account(Session session, String id, boolean isDefault) {
        ObjectNode account = Json.object();
        account.put("environmentName", "Atelier").put("homeTenantId", TENANT).put("id", id);
        account.put("isDefault", isDefault).set("managedByTenants", Json.array());
        account.put("name", "Atelier at " + session.api().url())
                .put("state", "Enabled")
                .put("tenantId", TENANT);
        account.putObject("user")
                .put("name", session.api().me().path("name").asString("owner"))
                .put("type", "user");
        return account;
    }

    private static JsonNode list(Session session) {
        var accounts = Json.array();
        String current = current(session);
        for (String id : subscriptions(session)) {
            accounts.add(account(session, id, id.equals(current)));
        }
        return accounts;
    }

    private static JsonNode set(Session session, Given given) {
        String wanted = given.required("--subscription");
        Set<String> known = subscriptions(session);
        String name = "Atelier at " + session.api().url();
        String id = wanted.equalsIgnoreCase(name) ? known.iterator().next() : wanted;
        if (!known.contains(id)) {
            throw new CliError(
                    "There is no subscription '" + wanted + "' here; there is " + String.join(", ", known) + ".");
        }
        session.settings().put("account", "subscription", id);
        return Az.NOTHING;
    }

    /// A token of this server's own sign-in service, for the resource that is asked for.
    private static JsonNode token(Session session, Given given) {
        Api api = session.api();
        String resource = given.text("--resource", api.url());
        String scope = given.text("--scope");
        if (scope != null) {
            resource = scope.replaceFirst("/\\.default$", "");
        }
        HttpResponse<String> response = api.raw(
                "GET",
                "/msi/token?api-version=2019-08-01&resource=" + URLEncoder.encode(resource, StandardCharsets.UTF_8),
                null,
                Map.of("X-IDENTITY-HEADER", session.files().identitySecret()));
        if (response.statusCode() / 100 != 2) {
            throw Api.failure(response.statusCode(), response.body());
        }
        JsonNode got = Json.parse(response.body());
        long expires = Long.parseLong(got.path("expires_on").asString("0"));
        ObjectNode token = Json.object();
        token.put("accessToken", got.path("access_token").asString(""));
        token.put("expiresOn", Instant.ofEpochSecond(expires).toString()).put("expires_on", expires);
        token.put("subscription", current(session)).put("tenant", TENANT).put("tokenType", "Bearer");
        return token;
    }

    /// Truthful about what answers: the version is that of the server, and the `ml` extension is part of it.
    static JsonNode version(Session session) {
        String version =
                session.files().server().map(server -> server.version()).orElse("");
        ObjectNode shown = Json.object();
        shown.put("atelier", version);
        shown.putObject("extensions").put("ml", version);
        return shown;
    }
}
