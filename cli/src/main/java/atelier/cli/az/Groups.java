package atelier.cli.az;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.http.Api;
import atelier.kernel.Json;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `az group`: resource groups of the server.
final class Groups {
    private static final String VERSION = "?api-version=2021-04-01";

    private Groups() {}

    static Map<String, Az.Verb> verbs() {
        Map<String, Az.Verb> verbs = new TreeMap<>();
        verbs.put("group create", Groups::create);
        verbs.put("group show", Groups::show);
        verbs.put(
                "group list",
                (session, given) -> session.api().get(base(session) + VERSION).path("value"));
        verbs.put(
                "group exists",
                (session, given) ->
                        Json.tree(find(session, name(session, given)).isPresent()));
        verbs.put("group delete", Groups::delete);
        verbs.put("group wait", (session, given) -> Az.NOTHING);
        return verbs;
    }

    private static String base(Session session) {
        return "/subscriptions/" + Accounts.current(session) + "/resourcegroups";
    }

    /// The name that is given, else the default.
    private static String name(Session session, Given given) {
        @Nullable String name = given.text("--name");
        if (name == null) {
            name = given.text("--resource-group");
        }
        if (name == null) {
            name = session.settings().place(session.variables()).group();
        }
        if (name == null) {
            throw new CliError("az group needs --name.");
        }
        return name;
    }

    private static Optional<JsonNode> find(Session session, String name) {
        return session.api().find(base(session) + "/" + name + VERSION);
    }

    private static JsonNode create(Session session, Given given) {
        Api api = session.api();
        ObjectNode body = Json.object().put("location", given.required("--location"));
        ObjectNode tags = body.putObject("tags");
        for (String tag : given.texts("--tags")) {
            String[] parts = tag.split("=", 2);
            tags.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        return api.put(base(session) + "/" + given.required("--name") + VERSION, body);
    }

    private static JsonNode show(Session session, Given given) {
        String name = name(session, given);
        return find(session, name).orElseThrow(() -> new CliError("There is no resource group '" + name + "'."));
    }

    private static JsonNode delete(Session session, Given given) {
        show(session, given);
        session.api().run("DELETE", base(session) + "/" + name(session, given) + VERSION, null, session.waiting());
        return Az.NOTHING;
    }
}
