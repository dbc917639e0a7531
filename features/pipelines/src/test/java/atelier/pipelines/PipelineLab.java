package atelier.pipelines;

import atelier.compute.internal.SqlComputes;
import atelier.jobs.Jobs.Job;
import atelier.jobs.JobsFeature;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.sweeps.SweepsFeature;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A [Lab] with pipelines.
final class PipelineLab implements AutoCloseable {
    final Lab lab;
    private @Nullable PipelinesFeature feature;

    PipelineLab(Path folder) {
        this.lab = new Lab(folder, 2, this::register, "pipelines");
        lab.start();
    }

    private void register(JobsFeature jobs) {
        SweepsFeature.create(
                InstantSource.system(),
                Duration.ofMillis(20),
                jobs,
                new SweepsFeature.Features(lab.workspaces.workspaces(), lab.blobs, lab.uris, lab.runs));
        feature = PipelinesFeature.create(
                lab.database,
                InstantSource.system(),
                jobs,
                new PipelinesFeature.Features(
                        lab.workspaces.workspaces(),
                        lab.assets,
                        lab.blobs,
                        lab.uris,
                        lab.environments,
                        new SqlComputes(lab.database, InstantSource.system(), 2),
                        lab.models));
    }

    Routes[] routes() {
        PipelinesFeature made = feature;
        if (made == null) {
            throw new IllegalStateException("Not started");
        }
        List<Routes> all = new ArrayList<>(lab.feature().routes());
        all.addAll(made.routes());
        return all.toArray(new Routes[0]);
    }

    /// A component of one version whose code is one shell script.
    ///
    /// @param ports JSON of `inputs` and `outputs`, without braces
    void component(String name, String version, String script, String arguments, String ports) {
        lab.blobs.put("code-" + name, version + "/run.sh", script);
        lab.assets.put(
                lab.workspace,
                "codes",
                name,
                version,
                Json.object().put("codeUri", "https://here/blob/atelier/code-" + name + "/" + version),
                TestServer.USER);
        ObjectNode spec = (ObjectNode) Json.parse("{" + ports + "}");
        spec.put("name", name)
                .put("type", "command")
                .put("command", "sh run.sh " + arguments)
                .put("code", "azureml:" + lab.workspace.armId() + "/codes/" + name + "/versions/" + version)
                .put("environment", "azureml:python:1");
        put(name, version, spec);
    }

    void put(String name, String version, ObjectNode spec) {
        ObjectNode properties = Json.object();
        properties.set("componentSpec", spec);
        lab.assets.put(lab.workspace, "components", name, version, properties, TestServer.USER);
    }

    /// Reads a file, adds a line, writes it to an output folder: `in` + `word` -> `out`.
    void adding(String name, String version, String script) {
        component(name, version, script, "${{inputs.in}} ${{inputs.word}} ${{outputs.out}}", """
                "inputs":{"in":{"type":"uri_folder"},"word":{"type":"string","default":"and"}},
                "outputs":{"out":{"type":"uri_folder"}}""");
    }

    static final String ADD = "cat $1/text.txt > $3/text.txt; echo $2 >> $3/text.txt";

    /// A pipeline of `adding` steps.
    ///
    /// @param jobs JSON of `jobs`
    ObjectNode pipeline(String jobs, Map<String, String> inputs, String... outputs) {
        ObjectNode pipeline = Json.object().put("jobType", "Pipeline").put("displayName", "p");
        pipeline.set("jobs", Json.parse(jobs.replace("#", lab.workspace.armId() + "/components/")));
        ObjectNode given = pipeline.putObject("inputs");
        inputs.forEach((name, value) -> {
            boolean data = value.startsWith("azureml:");
            given.putObject(name)
                    .put("jobInputType", data ? "uri_folder" : "literal")
                    .put(data ? "uri" : "value", value);
        });
        ObjectNode made = pipeline.putObject("outputs");
        for (String output : outputs) {
            made.putObject(output).put("jobOutputType", "uri_folder");
        }
        return pipeline;
    }

    Job run(String name, ObjectNode pipeline) {
        lab.submit(name, pipeline);
        return lab.awaitEnd(name);
    }

    Job step(String pipeline, String node) {
        return lab.feature().jobs().get(lab.workspace, PipelineSteps.jobName(pipeline, node));
    }

    boolean hasStep(String pipeline, String node) {
        return lab.feature()
                .jobs()
                .find(lab.workspace, PipelineSteps.jobName(pipeline, node))
                .isPresent();
    }

    boolean reused(String pipeline, String node) {
        return step(pipeline, node)
                .properties()
                .at("/properties/azureml.isreused")
                .asString("")
                .equals("true");
    }

    String reason(String pipeline, String node) {
        return step(pipeline, node)
                .properties()
                .at("/properties/atelier.reason")
                .asString("");
    }

    @Override
    public void close() {
        lab.close();
    }
}
