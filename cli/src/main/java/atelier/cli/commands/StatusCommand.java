package atelier.cli.commands;

import atelier.cli.DataFolder;
import atelier.cli.Session;
import atelier.cli.http.Api;
import atelier.cli.output.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `atelier status`: where the server runs and what is in the workspace. Exit code 3 when none runs.
@Command(name = "status", description = "Where the server runs, and what is in the workspace.")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private @org.jspecify.annotations.Nullable Root root;

    @Override
    public Integer call() {
        Session session = Parents.session(root);
        Optional<DataFolder.Server> found = session.files().server();
        if (found.isEmpty()) {
            session.out().println("Atelier does not run on the data folder " + session.dataFolder() + ".");
            return 3;
        }
        DataFolder.Server server = found.get();
        Api api = session.api();
        JsonNode me = api.me();
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("server", server.url() + " (http: " + server.httpUrl() + ")");
        lines.put("version", server.version());
        lines.put("process", Long.toString(server.pid()) + memory(server.pid()));
        lines.put("running for", Words.duration(since(session, server.startedAt())));
        lines.put("data folder", session.dataFolder().toString());
        lines.put("workspace", me.path("workspaces").path(0).path("name").asString("?"));
        for (String kind : new String[] {"environments", "data", "jobs", "models", "onlineEndpoints"}) {
            lines.put(kind.equals("onlineEndpoints") ? "endpoints" : kind, count(api, kind));
        }
        lines.forEach((name, value) -> session.out().printf("%-12s  %s%n", name, value));
        return 0;
    }

    private static Duration since(Session session, Instant started) {
        return Duration.ofMillis(Math.max(0, session.epochMillis() - started.toEpochMilli()));
    }

    private static String count(Api api, String kind) {
        JsonNode list = api.get(api.workspace() + "/" + kind);
        int count = list.path("value").size();
        return count + (list.path("nextLink").isString() ? " or more" : "");
    }

    /// Resident memory as the system counts it; nothing where it does not say.
    private static String memory(long pid) {
        try (var lines = java.nio.file.Files.lines(java.nio.file.Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .map(line -> ", " + Words.size(Long.parseLong(line.replaceAll("\\D", "")) * 1024))
                    .orElse("");
        } catch (java.io.IOException e) {
            return "";
        }
    }
}
