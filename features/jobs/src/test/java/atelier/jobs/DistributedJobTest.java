package atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// `distribution` and `resources.instance_count`: several processes on this machine.
class DistributedJobTest {
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

    private static ObjectNode job(String command, int instances, String distribution) {
        ObjectNode job = Lab.command(command);
        job.putObject("resources").put("instanceCount", instances);
        job.set("distribution", Json.parse(distribution));
        return job;
    }

    private Job run(ObjectNode properties) {
        lab.submit("job", properties);
        return lab.awaitEnd("job");
    }

    private String said(int rank) {
        return lab.log("job", "user_logs/std_log_process_0" + rank + ".txt").strip();
    }

    @Test
    void pytorchProcessesKnowTheirRanks() {
        Job ended = run(job(
                "echo $RANK of $WORLD_SIZE, $LOCAL_RANK on $NODE_RANK, $MASTER_ADDR ${MASTER_PORT:+port}",
                2,
                "{\"distributionType\":\"PyTorch\",\"processCountPerInstance\":2}"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(IntStream.range(0, 4).mapToObj(this::said).toList())
                .containsExactly(
                        "0 of 4, 0 on 0, 127.0.0.1 port",
                        "1 of 4, 1 on 0, 127.0.0.1 port",
                        "2 of 4, 0 on 1, 127.0.0.1 port",
                        "3 of 4, 1 on 1, 127.0.0.1 port");
    }

    @Test
    void tensorflowProcessesFindEachOtherAndServersEndWithTheWorkers() {
        Job ended = run(job(
                "echo \"$TF_CONFIG\"; case $TF_CONFIG in *'\"type\":\"ps\"'*) touch serving; sleep 600;; esac;"
                        + " until [ -f serving ]; do sleep 0.02; done",
                2,
                "{\"distributionType\":\"TensorFlow\",\"workerCount\":2,\"parameterServerCount\":1}"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        var first = Json.parse(said(0));
        assertThat(first.at("/cluster/worker").size()).isEqualTo(2);
        assertThat(first.at("/cluster/ps").size()).isEqualTo(1);
        assertThat(first.at("/task").toString()).isEqualTo("{\"type\":\"worker\",\"index\":0}");
        assertThat(Json.parse(said(2)).at("/task").toString()).isEqualTo("{\"type\":\"ps\",\"index\":0}");
    }

    @Test
    void mpiProcessesHaveTheVariablesOfMpirun() {
        run(job(
                "echo $OMPI_COMM_WORLD_RANK/$OMPI_COMM_WORLD_SIZE local $OMPI_COMM_WORLD_LOCAL_RANK",
                2,
                "{\"distributionType\":\"Mpi\",\"processCountPerInstance\":1}"));
        assertThat(said(1)).isEqualTo("1/2 local 0");
    }

    @Test
    void whenOneFailsAllEndAndItsLogIsShown() {
        Job ended = run(job(
                "if [ $RANK = 1 ]; then echo 'rank one is unwell'; exit 7; fi; sleep 600",
                3,
                "{\"distributionType\":\"PyTorch\"}"));
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(ended.errorMessage()).contains("exit code 7", "rank one is unwell");
    }

    @Test
    void nodesWithoutAFrameworkRunTheCommandEach() {
        ObjectNode job = Lab.command("echo node $AZUREML_CR_NODE_RANK of $AZUREML_NODE_COUNT");
        job.putObject("resources").put("instanceCount", 2);
        run(job);
        assertThat(said(0) + ", " + said(1)).isEqualTo("node 0 of 2, node 1 of 2");
    }

    @Test
    void whatCannotBeRunIsRefused() {
        assertThatThrownBy(() -> lab.submit("ray", job("true", 1, "{\"distributionType\":\"Ray\"}")))
                .isInstanceOf(Problem.Unsupported.class)
                .hasMessageContaining("pytorch, tensorflow and mpi");
        assertThatThrownBy(() -> lab.submit("none", job("true", 0, "{\"distributionType\":\"PyTorch\"}")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("resources.instance_count");
        assertThatThrownBy(() -> lab.submit(
                        "many",
                        job("true", 100, "{\"distributionType\":\"PyTorch\",\"processCountPerInstance\":1000000000}")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("at most 64");
    }
}
