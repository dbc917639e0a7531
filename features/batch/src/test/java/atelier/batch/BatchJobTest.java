package atelier.batch;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.pipelines.PipelineSteps;
import atelier.testkit.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Invocations, and the jobs that they become, with the real engine of mini-batches.
class BatchJobTest {
    @TempDir
    Path folder;

    private BatchLab batch;

    @BeforeEach
    void start() {
        batch = new BatchLab(folder);
    }

    @AfterEach
    void stop() {
        batch.close();
    }

    private static String child(String job) {
        return PipelineSteps.jobName(job, BatchJobs.STEP);
    }

    private Job completed(String job) {
        Job ended = batch.lab.awaitEnd(job);
        assertThat(ended.status())
                .as(() -> ended.errorMessage() + batch.lab.log(child(job), "user_logs/std_log.txt"))
                .isEqualTo("Completed");
        return ended;
    }

    @Test
    void aFolderIsScoredAndTheRowsAreInTheOrderOfTheFiles() {
        batch.model("""
                import glob, os
                def init():
                    global word
                    word = open(glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*/")[0] + "weights.txt").read()
                def run(mini_batch):
                    with open(os.environ["AZUREML_BI_OUTPUT_PATH"] + "/own.txt", "w") as file:
                        file.write(os.environ["MINE"])
                    return [os.path.basename(path) + " " + word + " " + open(path).read() for path in mini_batch]
                """);
        batch.deploy(",\"maxConcurrencyPerInstance\":2,\"environmentVariables\":{\"MINE\":\"yes\"}");
        HttpResponse<String> invoked = batch.invoke(batch.files(3), "");
        assertThat(invoked.statusCode()).isEqualTo(201);
        JsonNode answer = Json.parse(invoked.body());
        String name = answer.path("name").asString();
        assertThat(answer.path("id").asString()).endsWith("/batchEndpoints/heart/jobs/" + name);
        assertThat(answer.at("/properties/status").asString()).isNotEmpty();
        completed(name);
        assertThat(batch.text("azureml/" + child(name) + "/score/predictions.csv"))
                .isEqualTo("f0.txt heavy text0\nf1.txt heavy text1\nf2.txt heavy text2\n");
        assertThat(batch.text("azureml/" + child(name) + "/score/own.txt")).isEqualTo("yes");
        JsonNode job = batch.get(batch.ws + "/jobs/" + name);
        assertThat(job.at("/properties/jobType").asString()).isEqualTo("Pipeline");
        assertThat(job.at("/properties/tags/azureml.batchrun").asString()).isEqualTo("true");
        assertThat(job.at("/properties/tags/azureml.jobtype").asString()).isEqualTo("azureml.batchjob");
        assertThat(batch.lab.log(child(name), "logs/azureml/job_progress_overview.txt"))
                .contains("3 of 3 mini-batches processed");
        // Either of the two processes may have been quick enough to do all of it.
        assertThat(batch.lab.log(child(name), "user_logs/process000.txt")
                        + batch.lab.log(child(name), "user_logs/process001.txt"))
                .contains("mini-batch");
    }

    @Test
    void jobsAreListedByEndpointAndByDeployment() {
        batch.model(BatchLab.ECHO);
        batch.deploy("");
        String name = batch.name(batch.invoke(batch.files(1), ""));
        completed(name);
        assertThat(batch.get(batch.door + "heart/jobs").at("/value/0/name").asString())
                .isEqualTo(name);
        assertThat(batch.get(batch.door + "heart/jobs/" + name)
                        .at("/properties/status")
                        .asString())
                .isEqualTo("Completed");
        assertThat(batch.get(batch.door + "heart/deployments/blue/jobs")
                        .path("value")
                        .size())
                .isEqualTo(1);
        batch.ok(batch.put("/batchEndpoints/other", "{}"));
        assertThat(batch.get(batch.door + "other/jobs").path("value").isEmpty()).isTrue();
        assertThat(batch.server().get(batch.door + "other/jobs/" + name).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aRequestThatIsSentAgainStartsNothingAgain() {
        batch.model(BatchLab.ECHO);
        batch.deploy("");
        String uri = batch.files(1);
        String first = batch.name(batch.invoke(uri, "", "repeatability_request-id", "r1"));
        assertThat(batch.name(batch.invoke(uri, "", "repeatability_request-id", "r1")))
                .isEqualTo(first);
        String other = batch.name(batch.invoke(uri, "", "repeatability_request-id", "r2"));
        assertThat(other).isNotEqualTo(first);
        completed(first);
        completed(other);
    }

    @Test
    void anInvocationMayNameTheOutputTheFileTheJobAndItsSettings() {
        batch.model("def run(mini_batch):\n    return [len(mini_batch)] * len(mini_batch)");
        batch.deploy("");
        String place = "azureml://datastores/workspaceblobstore/paths/mine";
        String more = ",\"name\":\"job-1\",\"miniBatchSize\":2,\"outputFileName\":\"out.csv\",\"experimentName\":\"x\","
                + "\"outputData\":{\"score\":{\"jobOutputType\":\"UriFolder\",\"uri\":\"" + place + "\"}}";
        assertThat(batch.name(batch.invoke(batch.files(4), more))).isEqualTo("job-1");
        assertThat(completed("job-1").experimentName()).isEqualTo("x");
        assertThat(batch.text("mine/out.csv")).isEqualTo("2\n2\n2\n2\n");
    }

    @Test
    void aFileMayBeTheInput() {
        batch.model(BatchLab.ECHO);
        batch.deploy("");
        String name = batch.name(batch.server()
                .send(
                        "POST",
                        batch.door + "heart/jobs",
                        "{\"properties\":{\"inputData\":{\"UriFile\":{\"jobInputType\":\"UriFile\",\"uri\":\""
                                + batch.files(2) + "/f1.txt\"}}}}"));
        completed(name);
        assertThat(batch.text("azureml/" + child(name) + "/score/predictions.csv"))
                .isEqualTo("f1.txt text1\n");
    }

    @Test
    void anotherDeploymentIsNamedByTheHeader() {
        batch.model(BatchLab.ECHO);
        batch.deploy("");
        batch.code("c2", "def run(mini_batch):\n    return ['second'] * len(mini_batch)");
        batch.ok(batch.put(
                "/batchEndpoints/heart/deployments/green",
                "{\"model\":{\"assetId\":\"azureml:m:1\"},\"environmentId\":\"azureml:python:1\","
                        + "\"codeConfiguration\":{\"codeId\":\"azureml:c2:1\",\"scoringScript\":\"score.py\"}}"));
        String name = batch.name(batch.invoke(batch.files(1), "", "azureml-model-deployment", "green"));
        completed(name);
        assertThat(batch.text("azureml/" + child(name) + "/score/predictions.csv"))
                .isEqualTo("second\n");
        HttpResponse<String> none = batch.invoke(batch.files(1), "", "azureml-model-deployment", "gren");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body()).contains("Did you mean 'green'?");
    }

    @Test
    void whatCannotRunIsToldAtOnce() {
        batch.model(BatchLab.ECHO);
        batch.deploy("");
        String uri = batch.files(1);
        assertThat(batch.server().send("POST", batch.door + "heart/jobs", "{}").body())
                .contains("needs an object 'properties'");
        assertThat(batch.server()
                        .send("POST", batch.door + "heart/jobs", "{\"properties\":{}}")
                        .body())
                .contains("takes one input");
        assertThat(batch.invoke(uri, ",\"miniBatchSize\":0").body()).contains("properties.miniBatchSize");
        batch.ok(batch.server().delete(batch.ws + "/batchEndpoints/heart/deployments/blue"));
        HttpResponse<String> none = batch.invoke(uri, "");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).contains("has no default deployment; make a deployment first");
    }

    @Test
    void failuresBeyondTheThresholdFailTheJobWithTheScriptsWords() {
        batch.model("def run(mini_batch):\n    raise ValueError('no such patient')");
        batch.deploy(",\"errorThreshold\":0,\"retrySettings\":{\"maxRetries\":0,\"timeout\":\"PT30S\"}");
        String name = batch.name(batch.invoke(batch.files(2), ""));
        Job ended = batch.lab.awaitEnd(name);
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(ended.errorMessage()).contains("no such patient");
        assertThat(batch.lab.log(child(name), "logs/azureml/job_error.txt")).contains("Traceback");
    }

    @Test
    void aPipelineComponentIsRunWithTheInputsGiven() {
        ObjectNode step = Json.object().put("type", "command").put("name", "s").put("environment", "azureml:python:1");
        step.put("command", "echo ${{inputs.word}} $(ls ${{inputs.data}}) > ${{outputs.out}}/said.txt");
        step.set("inputs", Json.parse("{\"word\":{\"type\":\"string\"},\"data\":{\"type\":\"uri_folder\"}}"));
        step.set("outputs", Json.parse("{\"out\":{\"type\":\"uri_folder\"}}"));
        component("s", step);
        ObjectNode spec = (ObjectNode) Json.parse("""
                {"type":"pipeline","name":"p",
                 "inputs":{"word":{"type":"string","default":"hello"},"data":{"type":"uri_folder"}},
                 "outputs":{"all":{"type":"uri_folder"}},
                 "jobs":{"one":{"type":"command","componentId":"#/components/s/versions/1",
                   "inputs":{"word":{"value":"${{parent.inputs.word}}"},"data":{"value":"${{parent.inputs.data}}"}},
                   "outputs":{"out":{"value":"${{parent.outputs.all}}"}}}}}
                """.replace("#", batch.ws));
        component("p", spec);
        batch.ok(batch.put("/batchEndpoints/heart", "{}"));
        batch.ok(batch.put(
                "/batchEndpoints/heart/deployments/pipe",
                "{\"deploymentConfiguration\":{\"deploymentConfigurationType\":\"PipelineComponent\","
                        + "\"componentId\":{\"assetId\":\"azureml:p:1\",\"referenceType\":\"Id\"},"
                        + "\"settings\":{\"default_compute\":\"cpu-cluster\",\"continue_on_step_failure\":false}}}"));
        String data = "\"data\":{\"jobInputType\":\"UriFolder\",\"uri\":\"" + batch.files(1) + "\"}";
        String word = ",\"word\":{\"jobInputType\":\"Literal\",\"value\":\"bye\"}";
        for (String given : new String[] {data, data + word}) {
            String name = batch.name(batch.server()
                    .send(
                            "POST",
                            batch.door + "heart/jobs",
                            "{\"properties\":{\"inputData\":{" + given + "}}}",
                            "azureml-model-deployment",
                            "pipe"));
            assertThat(batch.lab.awaitEnd(name).status()).isEqualTo("Completed");
            assertThat(batch.get(batch.ws + "/jobs/" + name)
                            .at("/properties/tags/azureml.jobtype")
                            .asString())
                    .isEqualTo("azureml.pipelinejob");
            assertThat(batch.text("azureml/" + name + "/all/said.txt"))
                    .isEqualTo(given.equals(data) ? "hello f0.txt\n" : "bye f0.txt\n");
        }
        HttpResponse<String> wrong = batch.server()
                .send(
                        "POST",
                        batch.door + "heart/deployments/pipe/jobs",
                        "{\"properties\":{\"inputData\":{\"dat\":{\"jobInputType\":\"Literal\",\"value\":\"1\"}}}}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("Did you mean 'data'?");
    }

    private void component(String name, ObjectNode spec) {
        ObjectNode properties = Json.object();
        properties.set("componentSpec", spec);
        batch.lab.assets.put(batch.lab.workspace, "components", name, "1", properties, TestServer.USER);
    }

    private String waiting(Path up, Path go) {
        return """
                import os
                def run(mini_batch):
                    with open("COUNT", "a") as count:
                        count.write(mini_batch[0] + "\\n")
                    if mini_batch[0].endswith("f1.txt"):
                        open("UP", "w").write(str(os.getpid()))
                        open("GO").read()
                    return ["ok"]
                """.replace("COUNT", folder.resolve("count").toString())
                .replace("UP", up.toString())
                .replace("GO", go.toString());
    }

    @Test
    void aServerThatIsKilledFindsTheJobAgainAndNothingIsDoneTwice() throws Exception {
        Path up = batch.lab.fifo("up");
        Path go = batch.lab.fifo("go");
        batch.model(waiting(up, go));
        batch.deploy("");
        String name = batch.name(batch.invoke(batch.files(3), ""));
        Lab.read(up);
        batch.kill();
        batch.start();
        Lab.write(go, "on");
        completed(name);
        assertThat(Files.readAllLines(folder.resolve("count"))).hasSize(3);
        assertThat(batch.text("azureml/" + child(name) + "/score/predictions.csv"))
                .isEqualTo("ok\nok\nok\n");
        assertThat(batch.lab.log(child(name), "logs/azureml/executionlogs.txt"))
                .contains("found the process of this job");
    }

    @Test
    void aCanceledJobTakesItsWorkersAlong() throws Exception {
        Path up = batch.lab.fifo("up");
        batch.model(waiting(up, batch.lab.fifo("go")));
        batch.deploy("");
        String name = batch.name(batch.invoke(batch.files(3), ""));
        long worker = Long.parseLong(Lab.read(up));
        batch.ok(batch.server().send("POST", batch.ws + "/jobs/" + name + "/cancel", "{}"));
        assertThat(batch.lab.awaitEnd(name).status()).isEqualTo("Canceled");
        assertThat(ProcessHandle.of(worker).filter(ProcessHandle::isAlive)).isEmpty();
    }
}
