package atelier.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.compute.Processes.Handle;
import atelier.compute.Processes.Spec;
import atelier.compute.Processes.State;
import atelier.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What every executor of processes must do.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
abstract class ProcessesContract {
    @TempDir
    Path folder;

    /// A fresh object, as after a restart of the server.
    abstract Processes open();

    private Handle run(Processes processes, String script) throws IOException {
        return run(processes, script, Map.of());
    }

    private Handle run(Processes processes, String script, Map<String, String> environment) throws IOException {
        Path book = Files.createDirectories(folder.resolve("book"));
        return processes.start(
                new Spec(List.of("sh", "-c", script), environment, folder, folder.resolve("out.txt")), book);
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("out.txt"));
    }

    /// Opens `fifo` for reading and waits for a line: the process tells that it has come so far.
    private String await(String fifo) throws IOException {
        try (var reader = Files.newBufferedReader(folder.resolve(fifo))) {
            return reader.readLine();
        }
    }

    private void fifo(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve(name).toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void outputGoesToTheFileAndTheExitCodeIsKept() throws Exception {
        Handle handle = run(open(), "echo out; echo err >&2; exit 7");
        assertThat(handle.await()).isEqualTo(new State.Exited(7));
        assertThat(output()).isEqualTo("out\nerr\n");
        assertThat(open().find(folder.resolve("book")).orElseThrow().state()).isEqualTo(new State.Exited(7));
    }

    @Test
    void onlyTheGivenEnvironmentAndTheNamedFewAreSeen() throws Exception {
        run(open(), "env", Map.of("COLOUR", "red green")).await();
        List<String> names = output().lines().map(line -> line.split("=", 2)[0]).toList();
        assertThat(output()).contains("COLOUR=red green\n");
        assertThat(names).contains("PATH").doesNotContain("JAVA_HOME", "MAVEN_PROJECTBASEDIR", "SHLVL");
    }

    @Test
    void aFolderStartsOneProcessOnly() throws Exception {
        run(open(), "exit 0").await();
        assertThatThrownBy(() -> run(open(), "exit 0"))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("not started again");
    }

    @Test
    void whereNothingWasStartedNothingIsFound() throws Exception {
        assertThat(open().find(Files.createDirectories(folder.resolve("empty"))))
                .isEmpty();
    }

    @Test
    void anotherServerFindsTheRunningProcessAndItsEnd() throws Exception {
        fifo("ready");
        fifo("go");
        Handle first = run(open(), "echo up > ready; read x < go; exit 3");
        await("ready");
        Handle found = open().find(folder.resolve("book")).orElseThrow();
        assertThat(found.state()).isInstanceOf(State.Running.class);
        assertThat(found.pid()).isEqualTo(first.pid());
        Files.writeString(folder.resolve("go"), "now\n", StandardOpenOption.WRITE);
        assertThat(found.await()).isEqualTo(new State.Exited(3));
    }

    @Test
    void killEndsTheWholeTreeAndDaemonsToo() throws Exception {
        fifo("ready");
        // A child, and a grandchild that left the session: both ignore SIGTERM.
        Handle handle = run(
                open(),
                "trap '' TERM; (sleep 600) & echo $! > child; setsid sleep 601 & echo $! > daemon; echo up > ready; wait");
        await("ready");
        handle.kill(0);
        assertThat(handle.await()).isEqualTo(new State.Exited(137));
        for (String name : List.of("child", "daemon")) {
            assertGone(Long.parseLong(Files.readString(folder.resolve(name)).strip()));
        }
    }

    @Test
    void killGivesTimeToTidyUp() throws Exception {
        fifo("ready");
        Handle handle = run(open(), "trap 'echo tidied; exit 5' TERM; echo up > ready; while :; do sleep 0.01; done");
        await("ready");
        handle.kill(30);
        assertThat(handle.await()).isEqualTo(new State.Exited(5));
        assertThat(output()).contains("tidied");
    }

    @Test
    void anAdoptedProcessIsKilledToo() throws Exception {
        fifo("ready");
        run(open(), "echo up > ready; sleep 600");
        await("ready");
        Handle found = open().find(folder.resolve("book")).orElseThrow();
        found.kill(1);
        assertThat(found.await()).isEqualTo(new State.Exited(143));
    }

    @Test
    void aProcessWhoseSupervisorDiedIsLostAndDoesNotGoOn() throws Exception {
        fifo("ready");
        Handle handle = run(open(), "echo $$ > ready; sleep 600");
        long command = Long.parseLong(await("ready"));
        ProcessHandle.of(handle.pid()).orElseThrow().destroyForcibly();
        assertThat(handle.await()).isInstanceOf(State.Lost.class);
        assertThat(open().find(folder.resolve("book")).orElseThrow().state()).isInstanceOf(State.Lost.class);
        assertGone(command);
    }

    @Test
    void aStartThatACrashInterruptedNeverHappens() throws Exception {
        Path book = Files.createDirectories(folder.resolve("book"));
        Files.writeString(book.resolve("started"), "sh -c 'echo too late'");
        assertThat(open().find(book)).isEmpty();
        assertThat(open().find(book)).isEmpty();
        Path script = folder.resolve("supervisor.sh");
        try (var in = Processes.class.getResourceAsStream("supervisor.sh")) {
            assertThat(in).isNotNull();
            Files.write(script, in.readAllBytes());
        }
        Process late = new ProcessBuilder("sh", script.toString(), book.toString(), "touch", folder + "/ran")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("late.txt").toFile())
                .start();
        assertThat(late.waitFor()).isEqualTo(113);
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    private static void assertGone(long pid) throws InterruptedException {
        // A killed orphan is a zombie until init takes its leave.
        for (int look = 0; look < 500 && alive(pid); look++) {
            Thread.sleep(10);
        }
        assertThat(alive(pid)).as("process " + pid + " is alive").isFalse();
    }

    private static boolean alive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
