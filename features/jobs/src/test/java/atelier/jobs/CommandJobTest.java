package atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Change;
import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.testkit.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class CommandJobTest {
    @TempDir
    Path folder;

    private Lab lab;

    @BeforeEach
    void start() {
        lab = new Lab(folder);
        lab.start();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private Job run(ObjectNode properties) {
        lab.submit("job", properties);
        return lab.awaitEnd("job");
    }

    private static ObjectNode port(ObjectNode job, String ports, String name, String json) {
        if (!job.has(ports)) {
            job.putObject(ports);
        }
        ((ObjectNode) job.get(ports)).set(name, Json.parse(json));
        return job;
    }

    @Test
    void aCommandRunsInItsCodeAndItsOutputIsKept() {
        lab.blobs.put("code-1", "src/main.py", "import sys; print('hello', *sys.argv[1:])");
        lab.blobs.put("code-1", "src/lib/helper.txt", "x");
        lab.assets.put(
                lab.workspace,
                "codes",
                "c1",
                "1",
                Json.object().put("codeUri", "https://here/blob/atelier/code-1/src"),
                TestServer.USER);
        ObjectNode job = Lab.command("python3 main.py ${{inputs.word}} && cat lib/helper.txt")
                .put("codeId", lab.workspace.armId() + "/codes/c1/versions/1");
        Job ended = run(port(job, "inputs", "word", "{\"jobInputType\":\"literal\",\"value\":\"world\"}"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.blobs.text("azureml", "ExperimentRun/dcid.job/user_logs/std_log.txt"))
                .isEqualTo("hello world\nx");
        assertThat(lab.runs.find(lab.workspace, "job").orElseThrow().status()).isEqualTo("FINISHED");
    }

    @Test
    void theStatesAreThoseOfAzureAndTheFolderGoesAtTheEnd() throws Exception {
        run(Lab.command("true"));
        assertThat(lab.feature().jobs().history(lab.workspace, "job"))
                .extracting(Change::status)
                .containsExactly("Queued", "Running", "Finalizing", "Completed");
        Path jobFolder = folder.resolve("jobs").resolve(lab.workspace.id()).resolve("job");
        for (int look = 0; look < 200 && Files.exists(jobFolder); look++) {
            Thread.sleep(10);
        }
        assertThat(jobFolder).doesNotExist();
    }

    @Test
    void anEvaluatedTableIsItsFilesAndAMountedOneIsItsFolder() {
        lab.blobs.put("blobstore", "t/MLTable", """
                paths:
                  - file: ./a.csv
                  - pattern: ./deep/*.csv
                  - folder: azureml://datastores/workspaceblobstore/paths/elsewhere
                transformations:
                  - read_delimited:
                      delimiter: ','
                """);
        for (String file :
                new String[] {"t/a.csv", "t/not.csv", "t/deep/b.csv", "t/deep/not.txt", "elsewhere/c/d.csv"}) {
            lab.blobs.put("blobstore", file, "x");
        }
        String[][] expected = {
            {"EvalMount", "./a.csv ./c/d.csv ./deep/b.csv"},
            {"EvalDownload", "./a.csv ./c/d.csv ./deep/b.csv"},
            {"ReadOnlyMount", "./MLTable ./a.csv ./deep/b.csv ./deep/not.txt ./not.csv"}
        };
        for (String[] one : expected) {
            ObjectNode job = Lab.command(
                    "cd ${{inputs.table}} && find . -type f | LC_ALL=C sort | tr '\\n' ' ' > ${{outputs.out}}/list.txt");
            port(
                    job,
                    "inputs",
                    "table",
                    "{\"jobInputType\":\"mltable\",\"uri\":\"azureml://datastores/workspaceblobstore/paths/t/\",\"mode\":\""
                            + one[0] + "\"}");
            port(job, "outputs", "out", "{\"jobOutputType\":\"uri_folder\"}");
            lab.submit(one[0], job);
            Job ended = lab.awaitEnd(one[0]);
            assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
            assertThat(lab.blobs.text("blobstore", "azureml/" + one[0] + "/out/list.txt"))
                    .isEqualTo(one[1] + " ");
        }
    }

    @Test
    void aTableThatNamesWhatIsNotThereIsToldBeforeTheCommandRuns() {
        lab.blobs.put("blobstore", "t/MLTable", "paths: [{file: ./gone.csv}]");
        Job ended = run(port(Lab.command("echo ${{inputs.table}}"), "inputs", "table", """
                {"jobInputType":"mltable","mode":"EvalMount","uri":"azureml://datastores/workspaceblobstore/paths/t"}"""));
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(ended.errorMessage()).contains("'./gone.csv'", "there is no file");
    }

    @Test
    void aPathOnTheComputeIsRefusedWithWhatToDo() {
        for (String ports : new String[] {"inputs", "outputs"}) {
            ObjectNode job = port(Lab.command("echo"), ports, "data", """
                    {"jobInputType":"uri_folder","jobOutputType":"uri_folder","pathOnCompute":"/mnt/data",
                     "uri":"azureml://datastores/workspaceblobstore/paths/folder"}""");
            assertThatThrownBy(() -> lab.submit("bad-" + ports, job))
                    .isInstanceOf(Problem.Invalid.class)
                    .hasMessageContaining("/mnt/data")
                    .hasMessageContaining("${{" + ports + ".data}}");
        }
    }

    @Test
    void inputsAreCopiedAndOutputsAreKept() {
        lab.blobs.put("blobstore", "in/patients.csv", "a,b\n");
        lab.blobs.put("blobstore", "folder/x/1.txt", "one");
        ObjectNode job = Lab.command(
                "cat ${{inputs.file}} ${{inputs.dir}}/x/1.txt > ${{outputs.out}}/all.txt;"
                        + " echo ${{inputs.direct}} > ${{outputs.single}}; basename ${{inputs.file}}; echo extra > outputs/e.txt");
        port(job, "inputs", "file", """
                {"jobInputType":"uri_file","uri":"azureml://datastores/workspaceblobstore/paths/in/patients.csv"}""");
        port(job, "inputs", "dir", """
                {"jobInputType":"uri_folder","uri":"azureml://datastores/workspaceblobstore/paths/folder/"}""");
        port(job, "inputs", "direct", """
                {"jobInputType":"uri_file","mode":"Direct","uri":"azureml://datastores/workspaceblobstore/paths/z"}""");
        port(job, "outputs", "out", "{\"jobOutputType\":\"uri_folder\",\"mode\":\"ReadWriteMount\"}");
        port(job, "outputs", "single", """
                {"jobOutputType":"uri_file","uri":"azureml://datastores/workspaceblobstore/paths/r/${{name}}.txt"}""");
        Job ended = run(job);
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.blobs.text("blobstore", "azureml/job/out/all.txt")).isEqualTo("a,b\none");
        assertThat(lab.blobs.text("blobstore", "r/job.txt"))
                .isEqualTo("azureml://datastores/workspaceblobstore/paths/z\n");
        assertThat(lab.log("job", "user_logs/std_log.txt")).isEqualTo("patients.csv\n");
        assertThat(lab.blobs.text("azureml", "ExperimentRun/dcid.job/outputs/e.txt"))
                .isEqualTo("extra\n");
        assertThat(ended.properties().at("/outputs/out/uri").asString())
                .isEqualTo("azureml://datastores/workspaceblobstore/paths/azureml/job/out");
    }

    @Test
    void anOutputWithANameBecomesAnAsset() {
        ObjectNode job = Lab.command("echo 1 > ${{outputs.data}}/d.csv; echo 2 > ${{outputs.model}}/m");
        port(job, "outputs", "data", "{\"jobOutputType\":\"uri_folder\",\"assetName\":\"clean\"}");
        port(job, "outputs", "model", "{\"jobOutputType\":\"mlflow_model\",\"assetName\":\"churn\"}");
        Job ended = run(job);
        assertThat(lab.assets
                        .find(lab.workspace, "data", "clean", "1")
                        .orElseThrow()
                        .properties()
                        .path("dataUri"))
                .isEqualTo(ended.properties().at("/outputs/data/uri"));
        assertThat(lab.models.find(lab.workspace, "churn", "1").orElseThrow().runId())
                .isEqualTo("job");
        assertThat(ended.properties().at("/outputs/data/assetVersion").asString())
                .isEqualTo("1");
    }

    @Test
    void theCommandSeesAzuresAndMlflowsVariables() {
        ObjectNode job = Lab.command("env");
        job.putObject("environmentVariables").put("COLOUR", "green");
        run(job);
        assertThat(lab.log("job", "user_logs/std_log.txt").lines())
                .contains(
                        "COLOUR=green",
                        "MLFLOW_RUN_ID=job",
                        "MLFLOW_EXPERIMENT_NAME=Default",
                        "MLFLOW_EXPERIMENT_ID=7",
                        "MLFLOW_TRACKING_TOKEN=token-of-job:job",
                        "MLFLOW_TRACKING_URI=https://localhost:8443/mlflow/v1.0" + lab.workspace.armId(),
                        "AZUREML_RUN_ID=job",
                        "AZUREML_ARM_WORKSPACE_NAME=lab",
                        "REQUESTS_CA_BUNDLE=/certificates.pem",
                        "VIRTUAL_ENV=" + folder.resolve("environment"))
                .anyMatch(line -> line.startsWith("PATH=" + folder.resolve("environment/bin") + ":"));
    }

    @Test
    void aCommandThatFailsSaysSoWithItsLastLines() {
        Job ended = run(Lab.command("echo 'No module named pandas' >&2; exit 3"));
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(ended.errorCode()).isEqualTo("UserError");
        assertThat(ended.errorMessage()).contains("exit code 3", "No module named pandas");
        assertThat(lab.runs.find(lab.workspace, "job").orElseThrow().status()).isEqualTo("FAILED");
        assertThat(lab.log("job", "logs/azureml/executionlogs.txt")).contains("The job failed (UserError)");
    }

    @Test
    void anInputThatIsNotThereFailsTheJobInOneSentence() {
        ObjectNode job = Lab.command("true");
        port(job, "inputs", "data", """
                {"jobInputType":"uri_file","uri":"azureml://datastores/workspaceblobstore/paths/no.csv"}""");
        assertThat(run(job).errorMessage())
                .isEqualTo("Input 'data' (uri_file) points to azureml://datastores/workspaceblobstore/paths/no.csv,"
                        + " but there is nothing there.");
    }

    @Test
    void aFailedBuildTellsTheToolsWords() {
        Job ended = run(Lab.command("true").put("environmentId", "broken"));
        assertThat(ended.errorCode()).isEqualTo("EnvironmentBuildFailed");
        assertThat(lab.log("job", "azureml-logs/20_image_build_log.txt")).contains("Collecting packages of broken");
    }

    @Test
    void aJobIsCanceledWhileItsEnvironmentIsBuilt() {
        lab.submit("job", Lab.command("true").put("environmentId", "slow"));
        lab.await("job", "Preparing");
        lab.feature().jobs().cancel(lab.workspace, "job", TestServer.USER);
        assertThat(lab.awaitEnd("job").status()).isEqualTo("Canceled");
        lab.environments.finishSlowBuild();
    }

    @Test
    void aRunningJobIsCanceledWithItsWholeTree() throws Exception {
        Path ready = lab.fifo("ready");
        lab.submit("job", Lab.command("sleep 600 & echo $! > " + ready + "; wait"));
        long child = Long.parseLong(Lab.read(ready));
        lab.feature().jobs().cancel(lab.workspace, "job", TestServer.USER);
        assertThat(lab.awaitEnd("job").status()).isEqualTo("Canceled");
        assertThat(runs(child)).isFalse();
        assertThat(lab.runs.find(lab.workspace, "job").orElseThrow().status()).isEqualTo("KILLED");
    }

    /// A killed orphan is a zombie until init has taken its leave; it runs no more.
    private static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void aJobThatWaitsForASlotSaysWhyAndCanBeCanceled() {
        Path ready = lab.fifo("ready");
        Path go = lab.fifo("go");
        for (String name : new String[] {"one", "two"}) {
            lab.submit(name, Lab.command("echo up > " + ready + "; read x < " + go));
            Lab.read(ready);
        }
        lab.submit("three", Lab.command("true"));
        while (!lab.feature().logs().list(lab.workspace, lab.feature().jobs().get(lab.workspace, "three")).stream()
                .anyMatch(log -> log.name().equals("logs/azureml/executionlogs.txt"))) {
            Thread.onSpinWait();
        }
        assertThat(lab.log("three", "logs/azureml/executionlogs.txt"))
                .contains("Waiting for a slot: all 2 are in use (one, two).");
        lab.feature().jobs().cancel(lab.workspace, "three", TestServer.USER);
        assertThat(lab.awaitEnd("three").status()).isEqualTo("Canceled");
        lab.feature().jobs().cancel(lab.workspace, "one", TestServer.USER);
        lab.feature().jobs().cancel(lab.workspace, "two", TestServer.USER);
        assertThat(lab.awaitEnd("two").status()).isEqualTo("Canceled");
    }

    @Test
    void aJobThatRunsTooLongIsEnded() {
        ObjectNode job = Lab.command("sleep 600");
        job.putObject("limits").put("timeout", "PT0.2S");
        Job ended = run(job);
        assertThat(ended.errorCode()).isEqualTo("JobTimedOut");
        assertThat(ended.errorMessage()).contains("PT0.2S");
    }

    @Test
    void mistakesAreToldBeforeAnythingIsKept() {
        assertThatThrownBy(() -> lab.submit("bad", Lab.command("echo ${{inputs.nope}}")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("no input 'nope'");
        assertThatThrownBy(() -> lab.submit("bad", Lab.command("true").put("environmentId", "unknown")))
                .isInstanceOf(Problem.NotFound.class);
        assertThatThrownBy(() -> lab.submit("bad", Lab.command("true").put("computeId", "azureml:gpu")))
                .hasMessageContaining("no compute 'gpu'");
        assertThatThrownBy(() -> lab.submit("bad", Json.object().put("jobType", "Comand")))
                .hasMessageContaining("Did you mean 'Command'?");
        assertThat(lab.feature().jobs().find(lab.workspace, "bad")).isEmpty();
    }

    @Test
    void aNameIsUsedOnceAndOnlyItsLabelsChange() {
        run(Lab.command("true"));
        assertThatThrownBy(() -> lab.submit("job", Lab.command("true"))).isInstanceOf(Problem.AlreadyExists.class);
        ObjectNode change = Json.object().put("displayName", "Best").put("isArchived", true);
        change.putObject("tags").put("kept", "yes");
        Job changed = lab.feature().jobs().change(lab.workspace, "job", change, TestServer.USER);
        assertThat(changed.displayName()).isEqualTo("Best");
        assertThat(changed.archived()).isTrue();
        assertThat(lab.runs.find(lab.workspace, "job").orElseThrow().tags()).containsEntry("kept", "yes");
        assertThatThrownBy(() -> lab.feature()
                        .jobs()
                        .change(lab.workspace, "job", Json.object().put("command", "false"), TestServer.USER))
                .isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void aDeletedJobFreesItsBytes() {
        ObjectNode job = Lab.command("echo 1 > ${{outputs.out}}/x; echo 2 > outputs/y");
        run(port(job, "outputs", "out", "{\"jobOutputType\":\"uri_folder\"}"));
        assertThat(lab.blobs.names()).isNotEmpty();
        lab.feature().jobs().delete(lab.workspace, "job", TestServer.USER);
        assertThat(lab.blobs.names()).isEmpty();
        assertThat(lab.feature().jobs().find(lab.workspace, "job")).isEmpty();
    }
}
