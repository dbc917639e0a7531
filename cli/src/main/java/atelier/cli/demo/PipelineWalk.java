package atelier.cli.demo;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.http.Api;
import atelier.cli.jobs.JobDownload;
import atelier.cli.jobs.JobFiles;
import atelier.cli.jobs.JobStates;
import atelier.cli.output.Words;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Submits the sample pipeline and tells of each step as it ends.
final class PipelineWalk {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int TAIL = 15;
    private final Session session;
    private final Api api;
    private final Assets assets;
    private final Path samples;
    private final Progress progress;

    PipelineWalk(Session session, Assets assets, Path samples, Progress progress) {
        this.session = session;
        this.api = assets.api();
        this.assets = assets;
        this.samples = samples;
        this.progress = progress;
    }

    /// Runs it on the data (`name:version`); name and version of the model it registered.
    JsonNode run(Plan plan, String data, String environment) {
        progress.begin("Pipeline: prepare, train three candidates, evaluate, register the best");
        YamlFile yaml = YamlFile.read(samples.resolve("pipeline.yml"));
        for (String change : List.of(
                "inputs.data=azureml:" + data,
                "inputs.target=" + Json.write(plan.target()),
                "inputs.model_name=" + plan.name(),
                "inputs.data_asset=" + data,
                "inputs.environment_asset=" + environment)) {
            yaml.set(change);
        }
        String job =
                new JobFiles(assets, session.random()).submit(yaml).path("name").asString("");
        progress.say("job " + job);
        String status = follow(job);
        if (!JobStates.isGood(status)) {
            throw failed(job, status);
        }
        progress.done("pipeline " + status.toLowerCase(java.util.Locale.ROOT));
        return registered(job, plan);
    }

    private String follow(String job) {
        Set<String> told = new HashSet<>();
        while (true) {
            String status = api.get(api.workspace() + "/jobs/" + job)
                    .path("properties")
                    .path("status")
                    .asString("");
            for (JsonNode step : graph(job)) {
                String state = step.path("status").asString("");
                String name = step.path("name").asString("");
                if (JobStates.isFinal(state) && told.add(name)) {
                    progress.say(line(name, state, step));
                } else if (state.equals("Running") && told.add(name + " running")) {
                    progress.say(String.format("%-26s running", name));
                }
            }
            if (JobStates.isFinal(status)) {
                return status;
            }
            session.waiting().pause(POLL);
        }
    }

    private static String line(String name, String state, JsonNode step) {
        if (step.path("reused").asBoolean(false)) {
            return String.format("%-26s reused: %s", name, step.path("reason").asString(""));
        }
        String took = "";
        if (step.path("startedAt").isString() && step.path("finishedAt").isString()) {
            took = "  "
                    + Words.duration(Duration.between(
                            Instant.parse(step.path("startedAt").asString()),
                            Instant.parse(step.path("finishedAt").asString())));
        }
        return String.format("%-26s %s%s", name, state.toLowerCase(java.util.Locale.ROOT), took);
    }

    private JsonNode graph(String job) {
        return api.get(api.workspace() + "/atelier/jobs/" + job + "/graph").path("nodes");
    }

    /// The first step that failed, the end of its log, and a sentence.
    private CliError failed(String job, String status) {
        for (JsonNode step : graph(job)) {
            String child = step.path("job").asString("");
            if (step.path("status").asString("").equals("Failed") && !child.isEmpty()) {
                String name = step.path("name").asString("");
                session.err().println("      the end of the log of '" + name + "':");
                logTail(child).forEach(line -> session.err().println("      | " + line));
                String why = api.get(api.workspace() + "/jobs/" + child)
                        .at("/properties/error/message")
                        .asString("");
                return new CliError("The step '" + name + "' of the pipeline failed"
                        + (why.isEmpty() ? "" : ": " + why.lines().findFirst().orElse("")) + " (job " + child + ").");
            }
        }
        return new CliError(
                "The pipeline " + job + " ended as " + status + "; see: atelier job stream --name " + job + ".");
    }

    private List<String> logTail(String job) {
        HttpResponse<String> log = api.raw(
                "GET",
                api.workspace() + "/atelier/jobs/" + job + "/logs/user_logs/std_log.txt?offset=0",
                null,
                Map.of("Accept", "text/plain"));
        List<String> lines = log.statusCode() == 200 ? log.body().lines().toList() : List.of("(there is none)");
        return lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
    }

    /// What the step `register` wrote; it names the model also when the step was reused.
    private JsonNode registered(String job, Plan plan) {
        for (JsonNode step : graph(job)) {
            if (step.path("name").asString("").equals("register")) {
                JsonNode child =
                        api.get(api.workspace() + "/jobs/" + step.path("job").asString(""));
                return read(child);
            }
        }
        throw new CliError("The pipeline has no step 'register'; the model '" + plan.name() + "' was not registered.");
    }

    private JsonNode read(JsonNode child) {
        try {
            Path folder = Files.createTempDirectory("atelier-demo");
            JobDownload.Fetched fetched = new JobDownload(assets).output(child, "registered", folder);
            Path file = fetched.folder().resolve("registered.json");
            JsonNode registered = Json.parse(Files.readString(file));
            try (var files = Files.walk(folder)) {
                for (Path path :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
            return registered;
        } catch (IOException e) {
            throw new CliError("What the step 'register' wrote cannot be read: " + e.getMessage(), e);
        }
    }
}
