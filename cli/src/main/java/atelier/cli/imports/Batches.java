package atelier.cli.imports;

import atelier.cli.http.ApiError;
import atelier.kernel.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Sends many things at once; when the server refuses a batch, one by one, so that only the bad ones are refused.
final class Batches {
    private Batches() {}

    /// Hears what became of the thing at a place.
    @FunctionalInterface
    interface Told {
        void of(int place, String state, String reason);
    }

    /// @param field of the request that holds the list
    static void send(Sender sender, String what, String field, List<ObjectNode> bodies, Told told) {
        if (bodies.isEmpty()) {
            return;
        }
        List<String> states;
        try {
            states = post(sender, what, field, bodies);
        } catch (ApiError e) {
            if (e.status() / 100 != 4 || e.status() == 401 || e.status() == 403) {
                throw e;
            }
            if (bodies.size() == 1) {
                told.of(0, "refused", e.sentence());
                return;
            }
            for (int i = 0; i < bodies.size(); i++) {
                int place = i;
                send(sender, what, field, List.of(bodies.get(i)), (_, state, reason) -> told.of(place, state, reason));
            }
            return;
        }
        for (int i = 0; i < states.size(); i++) {
            told.of(i, states.get(i), "");
        }
    }

    private static List<String> post(Sender sender, String what, String field, List<ObjectNode> bodies) {
        ObjectNode body = Json.object();
        body.set(field, Json.array().addAll(bodies));
        return Sender.words(sender.post(what, body));
    }
}
