package atelier.cli.az;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.Settings;
import atelier.kernel.Json;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `az configure`, `az config`, `az extension`, `az provider`: defaults are kept in the data folder; the `ml` extension
/// and the provider of machine learning are always there.
final class Defaults {
    private static final String PROVIDER = "Microsoft.MachineLearningServices";

    private Defaults() {}

    static Map<String, Az.Verb> verbs() {
        Map<String, Az.Verb> verbs = new TreeMap<>();
        verbs.put("configure", Defaults::configure);
        verbs.put("config set", Defaults::set);
        verbs.put("config get", Defaults::get);
        verbs.put("config unset", (session, given) -> {
            given.verb().stream().skip(2).forEach(name -> put(session.settings(), name + "="));
            return Az.NOTHING;
        });
        verbs.put("extension add", Defaults::extension);
        verbs.put("extension update", Defaults::extension);
        verbs.put("extension remove", Defaults::extension);
        verbs.put("extension show", (session, given) -> ml(session));
        verbs.put("extension list", (session, given) -> Json.array().add(ml(session)));
        verbs.put("provider register", Defaults::register);
        verbs.put("provider show", Defaults::provider);
        verbs.put("provider list", (session, given) -> Json.array().add(state(PROVIDER, true)));
        return verbs;
    }

    /// `--defaults NAME=VALUE …`, an empty value forgets one; `-l` lists them.
    private static JsonNode configure(Session session, Given given) {
        if (given.has("--list-defaults") || given.has("--location")) {
            ArrayNode list = Json.array();
            JsonNode kept = session.settings().all().path("defaults");
            kept.properties()
                    .forEach(each -> list.add(Json.object()
                            .put("name", each.getKey())
                            .put(
                                    "source",
                                    session.dataFolder()
                                            .resolve("az/settings.json")
                                            .toString())
                            .put("value", each.getValue().asString(""))));
            return list;
        }
        if (given.texts("--defaults").isEmpty()) {
            throw new CliError("az configure needs --defaults NAME=VALUE, or --list-defaults.");
        }
        for (String each : given.texts("--defaults")) {
            put(session.settings(), "defaults." + each);
        }
        return Az.NOTHING;
    }

    private static void put(Settings settings, String assignment) {
        int equals = assignment.indexOf('=');
        int dot = assignment.indexOf('.');
        if (equals < 0 || dot < 0 || dot > equals) {
            throw new CliError("'" + assignment.replaceFirst("^defaults\\.", "") + "' is not NAME=VALUE.");
        }
        settings.put(
                assignment.substring(0, dot), assignment.substring(dot + 1, equals), assignment.substring(equals + 1));
    }

    private static JsonNode set(Session session, Given given) {
        given.verb().stream().skip(2).forEach(each -> put(session.settings(), each));
        return Az.NOTHING;
    }

    private static JsonNode get(Session session, Given given) {
        ObjectNode kept = session.settings().all();
        if (given.verb().size() < 3) {
            return kept;
        }
        String[] parts = given.verb().get(2).split("\\.", 2);
        JsonNode section = kept.path(parts[0]);
        if (parts.length == 1) {
            return section.isMissingNode() ? Json.object() : section;
        }
        if (!section.has(parts[1])) {
            throw new CliError("Configuration '" + given.verb().get(2) + "' is not set.");
        }
        return Json.object().put("name", parts[1]).set("value", section.path(parts[1]));
    }

    private static ObjectNode ml(Session session) {
        String version =
                session.files().server().map(server -> server.version()).orElse("");
        return Json.object()
                .put("name", "ml")
                .put("extensionType", "whl")
                .put("version", version)
                .put("preview", false);
    }

    private static JsonNode extension(Session session, Given given) {
        String name = given.text("--name", "ml");
        if (given.verb().get(1).equals("remove")) {
            session.err().println("az: the extension '" + name + "' is part of Atelier; it stays.");
            return Az.NOTHING;
        }
        if (!name.equals("ml")) {
            throw new CliError("The extension '" + name + "' is not here; only 'ml', which is part of Atelier.");
        }
        session.err().println("az: the extension 'ml' is part of Atelier; nothing is installed.");
        return Az.NOTHING;
    }

    private static JsonNode register(Session session, Given given) {
        String name = given.required("--namespace");
        if (!name.startsWith("Microsoft.")) {
            throw new CliError("There is no resource provider '" + name + "'.");
        }
        session.err()
                .println("az: "
                        + (name.equalsIgnoreCase(PROVIDER)
                                ? name + " is always registered here."
                                : name + " has no part in a local workspace; nothing was registered."));
        return Az.NOTHING;
    }

    private static JsonNode provider(Session session, Given given) {
        String name = given.required("--namespace");
        return state(name, name.equalsIgnoreCase(PROVIDER));
    }

    private static ObjectNode state(String name, boolean there) {
        return Json.object().put("namespace", name).put("registrationState", there ? "Registered" : "NotRegistered");
    }
}
