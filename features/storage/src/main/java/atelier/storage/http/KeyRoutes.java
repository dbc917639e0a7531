package atelier.storage.http;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.storage.AccountKeys;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import java.io.IOException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The account's keys as Azure's storage resource provider gives them (`Microsoft.Storage`, operations *List Keys* and
/// *Regenerate Key*). People only: a job has a token for what it needs.
public final class KeyRoutes {
    private static final String ACCOUNT = "/subscriptions/{subscription}/resourceGroups/{group}"
            + "/providers/Microsoft.Storage/storageAccounts/{account}";
    private final AccountKeys keys;

    public KeyRoutes(AccountKeys keys) {
        this.keys = keys;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .post(ACCOUNT + "/listKeys", this::list)
                .post(ACCOUNT + "/regenerateKey", this::regenerate);
    }

    private Response list(Exchange exchange) {
        check(exchange);
        return Response.ok(resource());
    }

    private Response regenerate(Exchange exchange) throws IOException {
        check(exchange);
        keys.regenerate(exchange.json().path("keyName").asString(""));
        return Response.ok(resource());
    }

    private static void check(Exchange exchange) {
        if (exchange.caller().kind() == Caller.Kind.JOB) {
            throw new Problem.Forbidden("AuthorizationFailed", "A job may not see the keys of the storage account.");
        }
        String account = exchange.path("account");
        if (!account.equalsIgnoreCase(AccountKeys.ACCOUNT)) {
            throw new Problem.NotFound("There is no storage account '" + account + "'; this installation has '"
                    + AccountKeys.ACCOUNT + "'.");
        }
    }

    private ObjectNode resource() {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("keys");
        keys.list()
                .forEach(key -> list.addObject()
                        .put("keyName", key.name())
                        .put("value", key.value())
                        .put("permissions", "FULL"));
        return answer;
    }
}
