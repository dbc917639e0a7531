package atelier.cli.commands;

import atelier.cli.http.Api;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `--max N` and the form of the output, for lists; pages are followed until there are enough.
final class ListOptions extends OutputOptions {
    @Option(names = "--max", paramLabel = "N", description = "at most so many (default: ${DEFAULT-VALUE})")
    private int max = 200;

    List<JsonNode> all(Api api, String path) {
        List<JsonNode> found = new ArrayList<>();
        String next = path;
        while (!next.isEmpty() && found.size() < max) {
            JsonNode page = api.get(next);
            page.path("value").forEach(found::add);
            next = page.path("nextLink").asString("");
        }
        return found.size() > max ? found.subList(0, max) : found;
    }
}
