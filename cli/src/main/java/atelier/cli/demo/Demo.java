package atelier.cli.demo;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.StudioLink;
import atelier.cli.assets.Assets;
import atelier.cli.assets.DataAssets;
import atelier.cli.assets.EnvironmentAssets;
import atelier.cli.http.Api;
import atelier.cli.output.Words;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Walks the path of the studio once: environment, dataset, experiment, pipeline, model, endpoint; then scores a
/// patient.
/// It uses the files of `samples/diabetes` and the same requests as everybody else. What is unchanged since an earlier
/// walk is not made again.
final class Demo {
    private static final Duration POLL = Duration.ofMillis(200);
    private final Session session;
    private final Api api;
    private final Assets assets;
    private final Path samples;
    private final Progress progress;

    Demo(Session session, Path samples) {
        this.session = session;
        this.api = session.api();
        this.assets = new Assets(session);
        this.samples = samples;
        this.progress = new Progress(session, 6);
    }

    void walk(Plan plan) {
        long start = session.waiting().nanos();
        String environment = environment();
        String data = dataset(plan);
        experiment();
        JsonNode registered = new PipelineWalk(session, assets, samples, progress).run(plan, data, environment);
        JsonNode model = model(registered);
        String prediction = new EndpointWalk(session, assets, samples, progress).run(plan, model);
        session.err().println();
        session.out().println(prediction);
        session.out()
                .println("The whole path took "
                        + Words.duration(Duration.ofNanos(session.waiting().nanos() - start))
                        + ". Atelier keeps running; `atelier down` ends it.");
        session.out().println("Studio: " + StudioLink.fresh(api) + "   (opens once; another: atelier open)");
    }

    private String environment() {
        progress.begin("Environment: the packages the pipeline runs with");
        JsonNode made = new EnvironmentAssets(assets).create(YamlFile.read(samples.resolve("environment.yml")));
        String name = made.path("id").asString("").replaceFirst(".*/environments/([^/]+)/.*", "$1");
        String version = made.path("name").asString("");
        String build = api.workspace() + "/atelier/environments/" + name + "/versions/" + version + "/build";
        JsonNode state = api.get(build);
        String shown = "";
        if (!state.path("status").asString("").equals("Succeeded")) {
            progress.say("installing (the first time takes a minute or two; every later job shares it)");
            api.post(build, Json.object());
            state = api.get(build);
        }
        while (state.path("status").asString("").matches("NotBuilt|Building|Queued")) {
            String line = lastLine(state.path("log").asString(""));
            if (!line.equals(shown) && !line.isEmpty()) {
                progress.say(line);
                shown = line;
            }
            session.waiting().pause(POLL);
            state = api.get(build);
        }
        if (!state.path("status").asString("").equals("Succeeded")) {
            String why = state.path("error").asString("").strip();
            throw new CliError("The environment " + name + " could not be built: "
                    + (why.isEmpty() ? lastLine(state.path("log").asString("")) : why.replaceAll("\\s*\\n\\s*", " ")));
        }
        long packages = state.path("lock")
                .asString("")
                .lines()
                .filter(line -> line.matches("[A-Za-z0-9].*==.*"))
                .count();
        progress.done(name + ":" + version + ", Python " + state.path("python").asString("?") + ", " + packages
                + " packages, " + Words.size(state.path("sizeBytes").asLong(0)));
        return name + ":" + version;
    }

    private static String lastLine(String log) {
        return log.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("")
                .strip();
    }

    private String dataset(Plan plan) {
        progress.begin(
                "Dataset: " + (plan.synthetic() ? "synthetic patients, made up by a documented model" : "your CSV"));
        YamlFile yaml = YamlFile.read(samples.resolve("data.yml"));
        yaml.root()
                .put("name", plan.name())
                .put("path", plan.csv().path().toString())
                .put(
                        "description",
                        plan.synthetic()
                                ? "10,000 synthetic patients: none of them exists (see samples/diabetes/PATIENTS.md)"
                                : "From " + plan.csv().path().getFileName());
        JsonNode made = new DataAssets(assets).createUnlessSame(yaml);
        String version = made.path("name").asString("");
        JsonNode profile =
                api.get(api.workspace() + "/atelier/data/" + plan.name() + "/versions/" + version + "/profile");
        long withNulls = profile.path("columns")
                .valueStream()
                .filter(column -> column.path("nulls").asLong(0) > 0)
                .count();
        progress.done(String.format(
                Locale.ROOT,
                "%s:%s, %,d rows, %d columns, %d of them with missing values; to predict: %s",
                plan.name(),
                version,
                profile.path("rows").asLong(0),
                profile.path("columns").size(),
                withNulls,
                plan.target()));
        return plan.name() + ":" + version;
    }

    /// The experiment of `pipeline.yml`, made by MLflow's own calls when it is not there.
    private void experiment() {
        progress.begin("Experiment: where runs, parameters and metrics are kept");
        String name = YamlFile.read(samples.resolve("pipeline.yml")).text("experiment_name", "diabetes");
        String mlflow = "/mlflow/v2.0" + api.workspace() + "/api/2.0/mlflow/experiments/";
        Optional<JsonNode> known = api.find(mlflow + "get-by-name?experiment_name=" + name);
        String id = known.map(
                        found -> found.path("experiment").path("experiment_id").asString(""))
                .orElseGet(() -> api.post(mlflow + "create", Json.object().put("name", name))
                        .path("experiment_id")
                        .asString(""));
        progress.done(name + " (MLflow experiment " + id + ")");
    }

    private JsonNode model(JsonNode registered) {
        progress.begin("Model: the best candidate, registered with its lineage");
        JsonNode model = assets.show(
                "models",
                "model",
                registered.path("name").asString(""),
                registered.path("version").asString(""));
        JsonNode tags = model.path("properties").path("tags");
        progress.say("learner " + tags.path("learner").asString("?") + ", test AUC "
                + tags.path("test_AUC").asString("?") + " on patients it had never seen");
        progress.say("from run " + tags.path("run").asString("?") + ", data "
                + tags.path("data").asString("?") + ", environment "
                + tags.path("environment").asString("?"));
        progress.done(registered.path("name").asString("") + ":"
                + registered.path("version").asString(""));
        return model;
    }
}
