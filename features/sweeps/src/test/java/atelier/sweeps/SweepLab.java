package atelier.sweeps;

import atelier.jobs.Jobs.Job;
import atelier.jobs.JobsFeature;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.web.Routes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A [Lab] with sweeps, whose trials log metrics when they begin to run.
final class SweepLab implements AutoCloseable {
    final Lab lab;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private @Nullable SweepsFeature feature;
    private volatile BiConsumer<String, ObjectNode> script = (_, _) -> {};

    SweepLab(Path folder) {
        this.lab = new Lab(folder, 4, this::register);
        lab.start();
    }

    private void register(JobsFeature jobs) {
        feature = SweepsFeature.create(
                InstantSource.system(),
                Duration.ofMillis(20),
                jobs,
                new SweepsFeature.Features(lab.workspaces.workspaces(), lab.blobs, lab.uris, lab.runs));
        jobs.jobs().onChange(this::changed);
    }

    private void changed(Job job) {
        boolean trial = job.properties().path("properties").has(Trials.PARAMETERS);
        if (trial && job.status().equals("Running") && seen.add(job.name())) {
            script.accept(job.name(), parameters(job));
        }
    }

    static ObjectNode parameters(Job trial) {
        return (ObjectNode) Json.parse(
                trial.properties().path("properties").path(Trials.PARAMETERS).asString());
    }

    /// What the script of a trial logs when it begins: `accuracy`, a function of the hyperparameters.
    void accuracy(java.util.function.ToDoubleFunction<ObjectNode> accuracy) {
        script = (name, parameters) -> lab.runs.logMetric(name, "accuracy", accuracy.applyAsDouble(parameters));
    }

    void script(BiConsumer<String, ObjectNode> logs) {
        script = logs;
    }

    Routes[] routes() {
        SweepsFeature made = feature;
        if (made == null) {
            throw new IllegalStateException("Not started");
        }
        List<Routes> all = new ArrayList<>(lab.feature().routes());
        all.addAll(made.routes());
        return all.toArray(new Routes[0]);
    }

    /// A sweep for the greatest `accuracy`.
    ///
    /// @param space JSON of the search space
    /// @param more further fields in JSON, without braces
    static ObjectNode sweep(String command, String space, String more) {
        ObjectNode sweep = (ObjectNode) Json.parse("""
                {"jobType": "Sweep", "displayName": "tuning", "experimentName": "tuning",
                 "searchSpace": %s,
                 "objective": {"goal": "maximize", "primaryMetric": "accuracy"}
                 %s}""".formatted(space, more.isEmpty() ? "" : ", " + more));
        sweep.putObject("trial").put("command", command).put("environmentId", "azureml:python:1");
        return sweep;
    }

    Job run(String name, ObjectNode sweep) {
        lab.submit(name, sweep);
        return lab.awaitEnd(name);
    }

    List<Job> trials(String sweep) {
        return lab.feature().jobs().children(lab.workspace, sweep);
    }

    Job trial(String sweep, int number) {
        return lab.feature().jobs().get(lab.workspace, Trials.name(sweep, number));
    }

    String log(String sweep) {
        return lab.log(sweep, "azureml-logs/hyperdrive.txt");
    }

    static Map<String, String> facts(Job job) {
        Map<String, String> facts = new java.util.TreeMap<>();
        job.properties()
                .path("properties")
                .properties()
                .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asString("")));
        return facts;
    }

    @Override
    public void close() {
        lab.close();
    }
}
