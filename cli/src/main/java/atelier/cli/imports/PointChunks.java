package atelier.cli.imports;

import atelier.kernel.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Collects the points of a run; what is too many for one call is sent ahead of the run.
final class PointChunks implements Source.Points {
    private final Sender sender;
    private final String runId;
    private final String fingerprint;
    private final int most;
    private ObjectNode rest = Json.object();
    private int held;
    private long sent;

    PointChunks(Sender sender, String runId, String fingerprint, int most) {
        this.sender = sender;
        this.runId = runId;
        this.fingerprint = fingerprint;
        this.most = most;
    }

    @Override
    public void point(String key, double value, long time, long step) {
        if (held >= most) {
            ObjectNode body = Json.object()
                    .put("runId", runId)
                    .put("fingerprint", fingerprint)
                    .put("from", sent);
            body.set("metrics", rest);
            sent = sender.post("points", body).path("points").asLong();
            rest = Json.object();
            held = 0;
        }
        ArrayNode list = rest.get(key) instanceof ArrayNode known ? known : rest.putArray(key);
        ArrayNode point = list.addArray();
        Numbers.add(point, value);
        point.add(time).add(step);
        held++;
    }

    /// How many went ahead.
    long sent() {
        return sent;
    }

    int held() {
        return held;
    }

    ObjectNode rest() {
        return rest;
    }
}
