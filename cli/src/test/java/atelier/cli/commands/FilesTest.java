package atelier.cli.commands;

import static atelier.cli.testing.FakeAtelier.WS;
import static org.assertj.core.api.Assertions.assertThat;

import atelier.cli.testing.FakeAtelier;
import atelier.cli.testing.TestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// YAML of every kind to the body that is sent.
class FilesTest {
    @TempDir
    private Path folder;

    private FakeAtelier atelier;
    private TestSession session;

    @BeforeEach
    void start() throws IOException {
        atelier = new FakeAtelier(folder.resolve("home"));
        atelier.has("", "{\"name\":\"w\",\"location\":\"local\",\"properties\":{}}");
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

    private void run(String... words) {
        assertThat(session.run(words)).as(session.err()).isZero();
    }

    @Test
    void aSweepHasItsTrialSpaceAndLimits() throws IOException {
        write("sweep.yml", """
                type: sweep
                trial:
                  command: python t.py --rate ${{search_space.rate}}
                  environment: azureml:e:1
                search_space:
                  rate: {type: uniform, min_value: 0.1, max_value: 1}
                  kind: {type: choice, values: [a, b]}
                sampling_algorithm: random
                objective: {goal: maximize, primary_metric: auc}
                limits: {max_total_trials: 4, max_concurrent_trials: 2, timeout: 60}
                early_termination: {type: bandit, slack_factor: 0.2, evaluation_interval: 1}
                compute: azureml:c
                """);
        run("job", "create", "-f", "sweep.yml", "-n", "s");
        JsonNode job = atelier.put("/jobs/s").path("properties");
        assertThat(job.path("jobType").asString()).isEqualTo("Sweep");
        assertThat(job.path("searchSpace").toString())
                .isEqualTo("{\"rate\":[\"uniform\",[0.1,1]],\"kind\":[\"choice\",[[\"a\",\"b\"]]]}");
        assertThat(job.path("samplingAlgorithm").toString()).isEqualTo("{\"samplingAlgorithmType\":\"Random\"}");
        assertThat(job.path("objective").toString()).isEqualTo("{\"goal\":\"maximize\",\"primaryMetric\":\"auc\"}");
        assertThat(job.path("limits").toString())
                .isEqualTo(
                        "{\"jobLimitsType\":\"Sweep\",\"maxTotalTrials\":4,\"maxConcurrentTrials\":2,\"timeout\":\"PT1M\"}");
        assertThat(job.path("earlyTermination").toString())
                .isEqualTo("{\"policyType\":\"Bandit\",\"evaluationInterval\":1,\"slackFactor\":0.2}");
        assertThat(job.at("/trial/environmentId").asString()).isEqualTo(WS + "/environments/e/versions/1");
        assertThat(job.path("computeId").asString()).isEqualTo(WS + "/computes/c");
    }

    @Test
    void aPipelineHasStepsOfEveryType() throws IOException {
        write("train.yml", """
                name: train
                type: command
                command: python t.py --rate ${{inputs.rate}}
                environment: azureml:e:1
                inputs: {rate: {type: number}}
                """);
        write("inner.yml", """
                name: inner
                type: pipeline
                jobs:
                  one:
                    component: train.yml
                    inputs: {rate: 1}
                """);
        write("pipeline.yml", """
                type: pipeline
                jobs:
                  tune:
                    type: sweep
                    trial: train.yml
                    search_space: {rate: {type: choice, values: [1, 2]}}
                    objective: {goal: minimize, primary_metric: loss}
                    limits: {max_total_trials: 2}
                  many:
                    type: parallel
                    mini_batch_size: "1"
                    input_data: ${{inputs.files}}
                    inputs: {files: {type: uri_folder, path: azureml:d:1}}
                    task: {type: run_function, entry_script: s.py, environment: azureml:e:1}
                  nested:
                    type: pipeline
                    component: inner.yml
                """);
        run("job", "create", "-f", "pipeline.yml", "-n", "p");
        JsonNode jobs = atelier.put("/jobs/p").at("/properties/jobs");
        assertThat(jobs.at("/tune/type").asString()).isEqualTo("sweep");
        assertThat(jobs.at("/tune/trial/componentId").asString())
                .startsWith(WS + "/components/azureml_anonymous/versions/");
        assertThat(jobs.at("/tune/objective/primary_metric").asString()).isEqualTo("loss");
        assertThat(jobs.at("/many/task/environment").asString())
                .isEqualTo("azureml:" + WS + "/environments/e/versions/1");
        assertThat(jobs.at("/many/mini_batch_size").asString()).isEqualTo("1");
        String nested = jobs.at("/nested/componentId").asString();
        JsonNode spec = atelier.put(nested.substring(WS.length())).at("/properties/componentSpec");
        assertThat(spec.path("type").asString()).isEqualTo("pipeline");
        assertThat(spec.at("/jobs/one/inputs/rate/value").asString()).isEqualTo("1");
    }

    @Test
    void aScheduleCarriesTheJobOfAFileWithItsChanges() throws IOException {
        write("job.yml", "type: command\ncommand: x\nenvironment: azureml:e:1\ninputs: {a: 1}\n");
        write("schedule.yml", """
                name: nightly
                trigger:
                  type: recurrence
                  frequency: day
                  interval: 1
                  schedule: {hours: [4], minutes: 30}
                create_job:
                  type: command
                  job: ./job.yml
                  inputs: {a: 2}
                """);
        run("schedule", "create", "-f", "schedule.yml");
        JsonNode schedule = atelier.put("/schedules/nightly").path("properties");
        assertThat(schedule.path("trigger").toString())
                .isEqualTo(
                        "{\"triggerType\":\"Recurrence\",\"frequency\":\"Day\",\"interval\":1,\"schedule\":{\"hours\":[4],"
                                + "\"minutes\":[30]},\"timeZone\":\"UTC\"}");
        assertThat(schedule.at("/action/actionType").asString()).isEqualTo("CreateJob");
        assertThat(schedule.at("/action/jobDefinition/inputs/a/value").asString())
                .isEqualTo("2");
    }

    @Test
    void aBatchDeploymentIsSentAndMadeTheDefault() throws IOException {
        atelier.has(
                "/batchEndpoints/ep-batch",
                "{\"name\":\"ep-batch\",\"location\":\"local\",\"properties\":{\"authMode\":\"AADToken\"}}");
        write("deployment.yml", """
                name: mine
                endpoint_name: ep-batch
                model: azureml:m:1
                compute: azureml:c
                resources: {instance_count: 2}
                mini_batch_size: 5
                retry_settings: {max_retries: 1, timeout: 40}
                output_action: append_row
                """);
        run("batch-deployment", "create", "-f", "deployment.yml", "--set-default");
        JsonNode sent = atelier.put("/batchEndpoints/ep-batch/deployments/mine").path("properties");
        assertThat(sent.path("model").toString())
                .isEqualTo("{\"referenceType\":\"Id\",\"assetId\":\"" + WS + "/models/m/versions/1\"}");
        assertThat(sent.path("miniBatchSize").asInt()).isEqualTo(5);
        assertThat(sent.path("retrySettings").toString()).isEqualTo("{\"maxRetries\":1,\"timeout\":\"PT40S\"}");
        assertThat(sent.at("/resources/instanceCount").asInt()).isEqualTo(2);
        assertThat(atelier.put("/batchEndpoints/ep-batch")
                        .at("/properties/defaults/deployment_name")
                        .asString())
                .isEqualTo("mine");
    }

    @Test
    void aDatastoreIsKnownByItsCredentials() throws IOException {
        write("store.yml", """
                type: azure_blob
                name: lake
                account_name: a
                container_name: c
                credentials: {account_key: k}
                """);
        run("datastore", "create", "-f", "store.yml");
        assertThat(atelier.put("/datastores/lake").toString())
                .contains("\"datastoreType\":\"AzureBlob\"")
                .contains(
                        "\"credentialsType\":\"AccountKey\",\"secrets\":{\"secretsType\":\"AccountKey\",\"key\":\"k\"}");
    }

    @Test
    void codeIsSentWithItsAdditionalIncludes() throws IOException {
        write("src/main.py", "import more\n");
        write("shared/more.py", "x = 1\n");
        write("component.yml", """
                name: with_more
                command: python main.py
                environment: azureml:e:1
                code: src
                additional_includes: [shared/more.py]
                """);
        run("component", "create", "-f", "component.yml");
        assertThat(atelier.blobs.keySet())
                .anyMatch(each -> each.endsWith("/src/main.py"))
                .anyMatch(each -> each.endsWith("/src/more.py"));
    }

    @Test
    void validateTellsEveryMistakeAndMakesNothing() throws IOException {
        write("job.yml", "comand: x\nenvironment: azureml:e:1\nlimits: {timeout: soon}\n");
        assertThat(session.run("job", "validate", "-f", "job.yml", "-o", "json"))
                .isEqualTo(1);
        assertThat(session.err())
                .contains("job.yml:1:1: 'comand' is not a field of a command job. Did you mean 'command'?")
                .contains("job.yml:3:10: 'timeout' must be a whole number, not 'soon'.");
        assertThat(session.out()).contains("\"result\": \"Failed\"").contains("\"path\": \"limits.timeout\"");
        assertThat(atelier.requests).isEmpty();
    }
}
