package atelier.cli.commands;

import atelier.cli.Place;
import atelier.cli.Session;
import atelier.cli.http.Api;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `atelier complete NOUN OPTION`: the names that may follow the option, one a line; asked by the completion script.
@Command(name = "complete", hidden = true)
final class CompleteCommand implements Callable<Integer> {
    private static final Map<String, String> PLURALS = Map.ofEntries(
            Map.entry("job", "jobs"),
            Map.entry("data", "data"),
            Map.entry("environment", "environments"),
            Map.entry("component", "components"),
            Map.entry("model", "models"),
            Map.entry("compute", "computes"),
            Map.entry("datastore", "datastores"),
            Map.entry("schedule", "schedules"),
            Map.entry("online-endpoint", "onlineEndpoints"),
            Map.entry("online-deployment", "onlineEndpoints"),
            Map.entry("batch-endpoint", "batchEndpoints"),
            Map.entry("batch-deployment", "batchEndpoints"));

    @ParentCommand
    private @Nullable Root root;

    @Parameters(index = "0", arity = "0..1")
    private String noun = "";

    @Parameters(index = "1", arity = "0..1")
    private String option = "";

    @Override
    public Integer call() {
        Session session = Parents.session(root);
        String plural = PLURALS.get(noun);
        boolean deployments = noun.endsWith("-deployment") && !option.equals("-e") && !option.equals("--endpoint-name");
        if (plural == null || deployments) {
            return 0;
        }
        Api api = session.api(new Place(null, null, null));
        for (JsonNode each : api.get(api.workspace() + "/" + plural).path("value")) {
            session.out().println(each.path("name").asString(""));
        }
        return 0;
    }
}
