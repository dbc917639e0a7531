package atelier.cli.commands;

import static atelier.cli.testing.FakeAtelier.WS;
import static org.assertj.core.api.Assertions.assertThat;

import atelier.cli.testing.FakeAtelier;
import atelier.cli.testing.FakeAtelier.Answer;
import atelier.cli.testing.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class VerbsTest {
    @TempDir
    private Path folder;

    private FakeAtelier atelier;
    private TestSession session;

    @BeforeEach
    void start() throws IOException {
        atelier = new FakeAtelier(folder.resolve("home"));
        session = new TestSession(atelier.home(), folder);
    }

    @AfterEach
    void stop() {
        atelier.close();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void aCommandJobIsSentAsTheOfficialClientSendsIt() throws IOException {
        write("src/train.py", "print(1)\n");
        write("job.yml", """
                type: command
                command: python train.py --rate ${{inputs.rate}} --data ${{inputs.data}}
                code: src
                environment: azureml:AzureML-sklearn-1.5@latest
                compute: azureml:cpu-cluster
                experiment_name: first
                display_name: a run
                inputs:
                  rate: 0.1
                  flag: true
                  data: {type: uri_file, path: azureml:patients:3, mode: download}
                outputs:
                  model: {type: mlflow_model}
                environment_variables: {N: 1}
                limits: {timeout: 60}
                resources: {instance_count: 1}
                tags: {a: 1}
                """);
        assertThat(session.run("job", "create", "-f", "job.yml", "--name", "my-job"))
                .as(session.err())
                .isZero();
        JsonNode job = atelier.put("/jobs/my-job").path("properties");
        assertThat(job.path("jobType").asString()).isEqualTo("Command");
        assertThat(job.path("environmentId").asString()).isEqualTo("azureml:AzureML-sklearn-1.5@latest");
        assertThat(job.path("computeId").asString()).isEqualTo(WS + "/computes/cpu-cluster");
        assertThat(job.path("codeId").asString()).startsWith(WS + "/codes/").endsWith("/versions/1");
        assertThat(job.at("/inputs/rate").toString()).isEqualTo("{\"jobInputType\":\"literal\",\"value\":\"0.1\"}");
        assertThat(job.at("/inputs/flag/value").asString()).isEqualTo("True");
        assertThat(job.at("/inputs/data/uri").asString()).isEqualTo(WS + "/data/patients/versions/3");
        assertThat(job.at("/inputs/data/mode").asString()).isEqualTo("Download");
        assertThat(job.at("/outputs/model/jobOutputType").asString()).isEqualTo("mlflow_model");
        assertThat(job.at("/limits/timeout").asString()).isEqualTo("PT1M");
        assertThat(job.at("/environmentVariables/N").asString()).isEqualTo("1");
        assertThat(job.at("/tags/a").asString()).isEqualTo("1");
        assertThat(atelier.blobs).containsKey("/blob/atelier/code/src/train.py");
    }

    @Test
    void unchangedCodeIsNotSentAgain() throws IOException {
        write("src/train.py", "print(1)\n");
        write("job.yml", "command: python train.py\ncode: src\nenvironment: azureml:e:1\n");
        session.run("job", "create", "-f", "job.yml");
        atelier.blobs.clear();
        assertThat(session.run("job", "create", "-f", "job.yml")).isZero();
        assertThat(atelier.blobs).isEmpty();
    }

    @Test
    void aPipelineRegistersItsComponentsAndBindsItsPorts() throws IOException {
        write("step/src/run.py", "");
        write("step/component.yml", """
                type: command
                name: step
                command: python run.py ${{inputs.data}} ${{outputs.result}}
                code: src
                environment: {image: "python:3.11-slim"}
                inputs: {data: {type: uri_file}}
                outputs: {result: {type: uri_folder}}
                """);
        write("data.csv", "a\n1\n");
        write("pipeline.yml", """
                type: pipeline
                inputs:
                  data: {type: uri_file, path: data.csv}
                outputs:
                  last: {type: uri_folder, mode: upload}
                settings: {default_compute: azureml:cpu-cluster, force_rerun: true}
                jobs:
                  first:
                    type: command
                    component: step/component.yml
                    inputs: {data: "${{parent.inputs.data}}"}
                  second:
                    command: cat ${{inputs.x}} > ${{outputs.y}}/n
                    environment: azureml:e:1
                    inputs: {x: "${{parent.jobs.first.outputs.result}}", n: 3}
                    outputs: {y: "${{parent.outputs.last}}"}
                """);
        assertThat(session.run("job", "create", "-f", "pipeline.yml", "-n", "pipe"))
                .as(session.err())
                .isZero();
        JsonNode job = atelier.put("/jobs/pipe").path("properties");
        assertThat(job.path("jobType").asString()).isEqualTo("Pipeline");
        assertThat(job.at("/inputs/data/uri").asString())
                .startsWith("azureml://datastores/workspaceblobstore/paths/LocalUpload/")
                .endsWith("/data.csv");
        assertThat(job.at("/outputs/last/mode").asString()).isEqualTo("Upload");
        assertThat(job.at("/settings/default_compute").asString()).isEqualTo(WS + "/computes/cpu-cluster");
        assertThat(job.at("/settings/force_rerun").asBoolean()).isTrue();
        assertThat(job.at("/jobs/first/inputs/data").toString())
                .isEqualTo("{\"job_input_type\":\"literal\",\"value\":\"${{parent.inputs.data}}\"}");
        assertThat(job.at("/jobs/second/outputs/y").toString())
                .isEqualTo("{\"value\":\"${{parent.outputs.last}}\",\"type\":\"literal\"}");
        String second = job.at("/jobs/second/componentId").asString();
        assertThat(second).startsWith(WS + "/components/azureml_anonymous/versions/");
        JsonNode spec = atelier.put(second.substring(WS.length())).at("/properties/componentSpec");
        assertThat(spec.at("/inputs/x/type").asString()).isEqualTo("uri_folder");
        assertThat(spec.at("/inputs/n/type").asString()).isEqualTo("integer");
        assertThat(spec.path("environment").asString()).isEqualTo("azureml:" + WS + "/environments/e/versions/1");
        JsonNode first = atelier.put(
                        job.at("/jobs/first/componentId").asString().substring(WS.length()))
                .at("/properties/componentSpec");
        assertThat(first.path("code").asString()).startsWith("azureml:" + WS + "/codes/");
        assertThat(first.path("environment").asString())
                .startsWith("azureml:" + WS + "/environments/CliV2AnonymousEnvironment/versions/");
    }

    @Test
    void aBindingToNothingIsNamedWithItsLine() throws IOException {
        write("pipeline.yml", """
                jobs:
                  prepare:
                    command: "true"
                    environment: azureml:e:1
                  train:
                    command: "true"
                    environment: azureml:e:1
                    inputs:
                      x: ${{parent.jobs.prepar.outputs.y}}
                """);
        assertThat(session.run("job", "create", "-f", "pipeline.yml")).isEqualTo(1);
        assertThat(session.err())
                .contains("pipeline.yml:9:7: there is no step 'prepar' in this file. Did you mean 'prepare'?");
    }

    @Test
    void dataGetsTheNextVersionAndIsUploadedOnce() throws IOException {
        write("patients.csv", "a\n1\n");
        write("data.yml", "name: patients\ntype: uri_file\npath: patients.csv\n");
        session.run("data", "create", "-f", "data.yml");
        session.run("data", "create", "-f", "data.yml");
        assertThat(atelier.put("/data/patients/versions/2")
                        .at("/properties/dataUri")
                        .asString())
                .endsWith("/patients.csv");
        assertThat(atelier.requests.stream()
                        .filter(request -> request.method().equals("PUT")
                                && request.path().startsWith("/blob/")
                                && !request.query().contains("comp=")))
                .hasSize(1);
    }

    @Test
    void aFolderIsNotAFile() throws IOException {
        write("d/x.csv", "");
        write("data.yml", "name: d\ntype: uri_file\npath: d\n");
        assertThat(session.run("data", "create", "-f", "data.yml")).isEqualTo(1);
        assertThat(session.err()).contains("data.yml:3:1:").contains("is a folder");
    }

    @Test
    void anUnchangedEnvironmentKeepsItsVersion() throws IOException {
        write("conda.yaml", "dependencies: [python=3.11]\n");
        write("env.yml", "name: e\nimage: i\nconda_file: conda.yaml\n");
        session.run("environment", "create", "-f", "env.yml");
        session.run("environment", "create", "-f", "env.yml");
        assertThat(atelier.requests).noneMatch(request -> request.path().endsWith("/environments/e/versions/2"));
        write("conda.yaml", "dependencies: [python=3.12]\n");
        session.run("environment", "create", "-f", "env.yml");
        assertThat(atelier.put("/environments/e/versions/2")
                        .at("/properties/condaFile")
                        .asString())
                .contains("3.12");
    }

    @Test
    void aDeploymentWaitsForItsLongRunningOperation() throws IOException {
        atelier.has(
                "/onlineEndpoints/ep-one",
                "{\"name\":\"ep-one\",\"properties\":{\"authMode\":\"Key\",\"traffic\":{}}}");
        atelier.has("/models/m/versions/4", "{\"id\":\"x\"}");
        String path = "{ws}/onlineEndpoints/ep-one/deployments/blue";
        atelier.answer(
                "PUT",
                path,
                new Answer(201, "{\"name\":\"blue\"}", Map.of("Azure-AsyncOperation", atelier.url() + "/op/1")));
        atelier.answer(
                "GET",
                "/op/1",
                Answer.ok("{\"status\":\"InProgress\"}"),
                Answer.ok("{\"status\":\"InProgress\"}"),
                Answer.ok("{\"status\":\"Succeeded\"}"));
        atelier.answer(
                "GET", path, Answer.ok("{\"name\":\"blue\",\"properties\":{\"provisioningState\":\"Succeeded\"}}"));
        write("deployment.yml", "name: blue\nendpoint_name: ep-one\nmodel: azureml:m@latest\ninstance_count: 2\n");
        assertThat(session.run("online-deployment", "create", "-f", "deployment.yml", "--all-traffic"))
                .as(session.err())
                .isZero();
        JsonNode put = atelier.put("/onlineEndpoints/ep-one/deployments/blue");
        assertThat(put.at("/properties/model").asString()).isEqualTo(WS + "/models/m/versions/4");
        assertThat(put.at("/properties/endpointComputeType").asString()).isEqualTo("Managed");
        assertThat(put.at("/sku/capacity").asInt()).isEqualTo(2);
        assertThat(atelier.put("/onlineEndpoints/ep-one")
                        .at("/properties/traffic/blue")
                        .asInt())
                .isEqualTo(100);
        assertThat(session.out()).contains("Succeeded");
    }

    @Test
    void aFailedOperationIsToldInTheServersWords() throws IOException {
        atelier.has("/onlineEndpoints/ep-one", "{\"name\":\"ep-one\",\"properties\":{}}");
        atelier.answer(
                "PUT",
                "{ws}/onlineEndpoints/ep-one/deployments/blue",
                new Answer(201, "{}", Map.of("Azure-AsyncOperation", atelier.url() + "/op/1")));
        atelier.answer(
                "GET",
                "/op/1",
                Answer.ok("{\"status\":\"Failed\",\"error\":{\"message\":\"The model has no MLmodel.\"}}"));
        write("deployment.yml", "name: blue\nendpoint_name: ep-one\nmodel: azureml:m:1\n");
        assertThat(session.run("online-deployment", "create", "-f", "deployment.yml"))
                .isEqualTo(1);
        assertThat(session.err()).isEqualTo("atelier: The model has no MLmodel.\n");
    }

    @Test
    void streamingPrintsTheLogOnceAndEndsWithTheJobsState() {
        String job = "{ws}/jobs/j";
        String logs = "{ws}/atelier/jobs/j/logs";
        atelier.answer(
                "GET",
                job,
                Answer.ok("{\"name\":\"j\",\"properties\":{\"status\":\"Running\"}}"),
                Answer.ok("{\"name\":\"j\",\"properties\":{\"status\":\"Running\"}}"),
                Answer.ok(
                        "{\"name\":\"j\",\"properties\":{\"status\":\"Failed\",\"error\":{\"message\":\"exit code 3\"}}}"));
        atelier.answer(
                "GET",
                logs,
                Answer.ok("{\"value\":[]}"),
                Answer.ok("{\"value\":[{\"name\":\"user_logs/std_log.txt\"}]}"));
        atelier.answer(
                "GET",
                logs + "/user_logs/std_log.txt",
                new Answer(200, "one\n", Map.of("x-atelier-next-offset", "4")),
                new Answer(200, "two\n", Map.of("x-atelier-next-offset", "8")),
                new Answer(200, "", Map.of("x-atelier-next-offset", "8")));
        assertThat(session.run("job", "stream", "--name", "j")).isEqualTo(1);
        assertThat(session.out()).isEqualTo("one\ntwo\n");
        assertThat(session.err()).contains("Job j: Failed").contains("exit code 3");
    }

    @Test
    void downloadFetchesLogsAndNamedOutputs() throws IOException {
        atelier.has("/jobs/j", "{\"name\":\"j\",\"properties\":{\"status\":\"Completed\",\"outputs\":{\"model\":{}}}}");
        atelier.blobs.put("/blob/atelier/store/ExperimentRun/dcid.j/user_logs/std_log.txt", "log".getBytes("UTF-8"));
        atelier.blobs.put("/blob/atelier/store/azureml/j/model/MLmodel", "m".getBytes("UTF-8"));
        assertThat(session.run("job", "download", "-n", "j", "--all", "-p", "got"))
                .as(session.err())
                .isZero();
        assertThat(folder.resolve("got/artifacts/user_logs/std_log.txt")).hasContent("log");
        assertThat(folder.resolve("got/named-outputs/model/MLmodel")).hasContent("m");
    }

    @Test
    void theScoresOfABatchJobAreThoseOfItsStep() throws IOException {
        atelier.has("/jobs/j", """
                {"name":"j","properties":{"status":"Completed","outputs":{},
                 "tags":{"azureml.batchrun":"true","azureml.jobtype":"azureml.batchjob"}}}
                """);
        atelier.has("/jobs/j-step", "{\"name\":\"j-step\",\"properties\":{\"status\":\"Completed\",\"outputs\":{}}}");
        atelier.answer(
                "GET",
                "/history/v1.0{ws}/runs/j/children",
                FakeAtelier.Answer.ok("{\"value\":[{\"runId\":\"j-step\"}]}"));
        atelier.blobs.put("/blob/atelier/store/azureml/j-step/score/predictions.csv", "0,1,a.csv".getBytes("UTF-8"));
        assertThat(session.run("job", "download", "-n", "j", "--output-name", "score", "-p", "got"))
                .as(session.err())
                .isZero();
        assertThat(folder.resolve("got/named-outputs/score/predictions.csv")).hasContent("0,1,a.csv");
    }

    @Test
    void envPrintsQuotedExportsForAShell() {
        assertThat(session.run("env")).isZero();
        assertThat(session.out())
                .contains("export ARM_CLOUD_METADATA_URL='" + atelier.url()
                        + "/metadata/endpoints?api-version=2019-05-01'\n")
                .contains("export IDENTITY_HEADER='the-identity-secret'\n")
                .contains("export MLFLOW_TRACKING_URI='" + atelier.url() + "/mlflow/v2.0" + WS + "'\n");
        assertThat(session.err()).contains("atelier config");
    }

    @Test
    void configWritesWhatTheSdkLooksFor() {
        assertThat(session.run("config", "project")).isZero();
        assertThat(folder.resolve("project/.azureml/config.json")).content().contains("\"workspace_name\"");
    }

    @Test
    void withoutAServerEveryVerbSaysHowToStartOne() {
        TestSession lonely = new TestSession(folder.resolve("none"), folder);
        assertThat(lonely.run("job", "list")).isEqualTo(1);
        assertThat(lonely.err()).contains("does not run").contains("atelier up");
    }

    @Test
    void aWordThatIsNotAVerbIsAnsweredWithTheNearest() {
        assertThat(session.run("jbo", "list")).isEqualTo(2);
        assertThat(session.err()).contains("jbo").contains("job");
    }

    @Test
    void theServersErrorIsToldInItsOwnWords() {
        atelier.answer(
                "GET",
                "{ws}/computes",
                new Answer(403, "{\"error\":{\"code\":\"Forbidden\",\"message\":\"Not yours.\"}}", Map.of()));
        assertThat(session.run("compute", "list")).isEqualTo(1);
        assertThat(session.err()).isEqualTo("atelier: Not yours.\n");
    }
}
