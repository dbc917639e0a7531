package atelier.cli;

import atelier.cli.http.Api;
import atelier.kernel.Json;

/// A link that opens the studio once, like Jupyter's.
public final class StudioLink {
    private StudioLink() {}

    public static String fresh(Api api) {
        return api.post("/atelier/studio-links", Json.object()).path("url").asString("");
    }
}
