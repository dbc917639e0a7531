package atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.testkit.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// The server is killed and started again on the same database and folders.
class RestartTest {
    @TempDir
    Path folder;

    private Lab lab;

    @BeforeEach
    void start() {
        lab = new Lab(folder, 1, _ -> {});
        lab.start();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private ObjectNode counted(Path ready, Path go) {
        ObjectNode job = Lab.command("echo ran >> " + folder.resolve("count") + "; echo up > " + ready + "; read x < "
                + go + "; echo $x > ${{outputs.out}}/x.txt");
        job.putObject("outputs").putObject("out").put("jobOutputType", "uri_folder");
        return job;
    }

    @Test
    void aRunningProcessIsFoundAgainAndNotDoubled() throws Exception {
        Path ready = lab.fifo("ready");
        Path go = lab.fifo("go");
        lab.submit("job", counted(ready, go));
        Lab.read(ready);
        lab.await("job", "Running");
        lab.kill();
        lab.start();
        Lab.write(go, "after");
        Job ended = lab.awaitEnd("job");
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(Files.readAllLines(folder.resolve("count"))).hasSize(1);
        assertThat(lab.blobs.text("blobstore", "azureml/job/out/x.txt")).isEqualTo("after\n");
        assertThat(lab.log("job", "logs/azureml/executionlogs.txt")).contains("found the process of this job");
    }

    @Test
    void aProcessThatEndedWhileTheServerWasAwayCounts() throws Exception {
        Path ready = lab.fifo("ready");
        Path go = lab.fifo("go");
        lab.submit("job", counted(ready, go));
        Lab.read(ready);
        lab.await("job", "Running");
        lab.kill();
        Lab.write(go, "away");
        Path exit = folder.resolve("jobs/" + lab.workspace.id() + "/job/process-1/exit");
        while (Files.notExists(exit)) {
            Thread.onSpinWait();
        }
        lab.start();
        assertThat(lab.awaitEnd("job").status()).isEqualTo("Completed");
        assertThat(lab.blobs.text("blobstore", "azureml/job/out/x.txt")).isEqualTo("away\n");
        assertThat(Files.readAllLines(folder.resolve("count"))).hasSize(1);
    }

    @Test
    void aProcessThatIsGoneIsLostAndNotStartedAgain() throws Exception {
        Path ready = lab.fifo("ready");
        lab.submit("job", counted(ready, lab.fifo("go")));
        Lab.read(ready);
        lab.await("job", "Running");
        lab.kill();
        String line = Files.readString(folder.resolve("jobs/" + lab.workspace.id() + "/job/process-1/process"));
        long supervisor = Long.parseLong(line.split(" ")[0]);
        ProcessHandle.of(supervisor).orElseThrow().destroyForcibly();
        ProcessHandle.of(supervisor).ifPresent(handle -> handle.onExit().join());
        lab.start();
        Job ended = lab.awaitEnd("job");
        assertThat(ended.errorCode()).isEqualTo("JobLost");
        assertThat(Files.readAllLines(folder.resolve("count"))).hasSize(1);
    }

    @Test
    void aQueuedJobRunsAfterTheRestart() throws Exception {
        Path ready = lab.fifo("ready");
        Path go = lab.fifo("go");
        lab.submit("first", counted(ready, go));
        Lab.read(ready);
        lab.submit("second", Lab.command("echo second >> " + folder.resolve("count")));
        lab.await("first", "Running");
        lab.kill();
        lab.start();
        Lab.write(go, "x");
        assertThat(lab.awaitEnd("first").status()).isEqualTo("Completed");
        assertThat(lab.awaitEnd("second").status()).isEqualTo("Completed");
        assertThat(Files.readAllLines(folder.resolve("count"))).containsExactly("ran", "second");
    }

    @Test
    void aCancellationThatWasAskedForIsCarriedOut() {
        Path ready = lab.fifo("ready");
        lab.submit("job", counted(ready, lab.fifo("go")));
        Lab.read(ready);
        lab.await("job", "Running");
        lab.kill();
        lab.feature().jobs().cancel(lab.workspace, "job", TestServer.USER);
        lab.start();
        assertThat(lab.awaitEnd("job").status()).isEqualTo("Canceled");
    }

    @Test
    void aFolderThatACrashLeftBehindIsRemovedOnceItsLogsAreKept() throws Exception {
        lab.submit("job", Lab.command("true"));
        lab.awaitEnd("job");
        Path jobFolder = folder.resolve("jobs/" + lab.workspace.id() + "/job");
        while (Files.exists(jobFolder)) {
            Thread.onSpinWait();
        }
        lab.kill();
        Path left = jobFolder.resolve("log/user_logs");
        Files.createDirectories(left);
        Files.writeString(left.resolve("std_log.txt"), "kept late");
        lab.start();
        assertThat(left).doesNotExist();
        assertThat(lab.log("job", "user_logs/std_log.txt")).isEqualTo("kept late");
    }
}
