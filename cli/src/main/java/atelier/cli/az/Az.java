package atelier.cli.az;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.http.ApiError;
import atelier.cli.output.Form;
import atelier.cli.output.Printer;
import atelier.cli.output.Query;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// `az …` without `ml`: what the set-up scripts of courses and examples call, as far as a local workspace can do it
/// truthfully. Everything else fails with a sentence; nothing pretends.
public final class Az {
    /// Something to print, or nothing.
    interface Verb extends BiFunction<Session, Given, JsonNode> {}

    static final JsonNode NOTHING = MissingNode.getInstance();

    private static final Map<String, Verb> VERBS = new TreeMap<>();

    static {
        VERBS.putAll(Accounts.verbs());
        VERBS.putAll(Groups.verbs());
        VERBS.putAll(Defaults.verbs());
        VERBS.putAll(Storage.verbs());
    }

    private Az() {}

    /// Runs one call; its exit code, as in `az`: 0 done, 1 failed, 2 not understood.
    public static int run(Session session, String[] words) {
        Given given = Given.of(words);
        try {
            if (given.verb().isEmpty()) {
                if (given.has("--version") || given.has("-v")) {
                    return print(session, given, Accounts.version(session));
                }
                help(session);
                return 0;
            }
            String[] name = new String[1];
            Verb verb = find(given.verb(), name);
            if (verb == null) {
                session.err().println("az: " + unknown(given.verb()));
                return 2;
            }
            if (given.has("--help")) {
                help(session);
                return 0;
            }
            return print(session, given, verb.apply(session, given));
        } catch (CliError error) {
            session.err().println("az: " + error.sentence());
        } catch (ApiError error) {
            session.err().println("az: " + error.sentence());
        } catch (Problem problem) {
            session.err().println("az: " + problem.message());
        }
        return 1;
    }

    /// The longest verb that the words begin with: `storage account keys list`.
    private static @org.jspecify.annotations.Nullable Verb find(List<String> words, String[] name) {
        for (int length = words.size(); length > 0; length--) {
            String candidate = String.join(" ", words.subList(0, length));
            Verb verb = VERBS.get(candidate);
            if (verb != null) {
                name[0] = candidate;
                return verb;
            }
        }
        return null;
    }

    private static String unknown(List<String> words) {
        String asked = String.join(" ", words.subList(0, Math.min(3, words.size())));
        List<String> known = new ArrayList<>(VERBS.keySet());
        known.add("ml");
        return "'" + asked + "' is not here: this `az` belongs to Atelier, a local workspace, and knows `az ml` and "
                + String.join(", ", groups()) + "." + Nearest.hint(asked, known);
    }

    private static List<String> groups() {
        return VERBS.keySet().stream()
                .map(each -> each.split(" ")[0])
                .distinct()
                .toList();
    }

    private static void help(Session session) {
        session.out().println("This `az` belongs to Atelier, a local workspace. It knows:");
        session.out().println("  az ml NOUN VERB ...   (az ml --help)");
        VERBS.keySet().forEach(verb -> session.out().println("  az " + verb));
    }

    private static int print(Session session, Given given, JsonNode value) {
        if (!value.isMissingNode()) {
            String form = given.text("--output");
            Printer printer = new Printer(session.out(), form == null ? session.form(true) : Form.of(form));
            String query = given.text("--query");
            printer.print(query == null ? value : Query.of(query).on(value), List.of());
        }
        return 0;
    }
}
