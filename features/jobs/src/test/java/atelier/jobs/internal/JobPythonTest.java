package atelier.jobs.internal;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.environments.Environments.Interpreter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobPythonTest {
    @TempDir
    Path folder;

    private Path shared;

    @BeforeEach
    void environment() throws Exception {
        shared = folder.resolve("shared environment");
        run(Path.of("python3"), "-m", "venv", "--without-pip", shared.toString());
        Files.writeString(packages(shared).resolve("greeting.py"), "word = 'good day'");
        Files.writeString(
                shared.resolve("bin/greet"),
                "#!" + shared.resolve("bin/python") + "\nimport sys, greeting\nprint(greeting.word, sys.prefix)\n");
    }

    private static Path packages(Path home) throws IOException {
        try (var versions = Files.newDirectoryStream(home.resolve("lib"), "python3*")) {
            return versions.iterator().next().resolve("site-packages");
        }
    }

    private static String run(Path program, String... arguments) throws Exception {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(program.toString()));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private Path layer(String job) throws IOException {
        return JobPython.layer(new Interpreter(shared, "3", "", "hash"), folder.resolve(job));
    }

    @Test
    void aJobSeesItsEnvironmentAndKeepsToItselfWhatItInstalls() throws Exception {
        Path one = layer("one");
        Path two = layer("two");
        Files.writeString(packages(one).resolve("extra.py"), "");
        assertThat(run(one.resolve("bin/python"), "-c", "import greeting, extra; print(greeting.word)"))
                .isEqualTo("good day");
        assertThat(run(
                        two.resolve("bin/python3"),
                        "-c",
                        "import importlib.util, greeting; print(importlib.util.find_spec('extra'))"))
                .isEqualTo("None");
    }

    @Test
    void commandsOfTheEnvironmentRunWithTheJobsInterpreter() throws Exception {
        Path one = layer("one");
        String script = Files.readString(one.resolve("bin/greet"));
        assertThat(script).startsWith("#!" + one.resolve("bin/python") + "\n");
        assertThat(run(one.resolve("bin/greet"))).isEqualTo("good day " + one);
    }

    @Test
    void pipIsThere() throws Exception {
        Path one = layer("one");
        assertThat(run(one.resolve("bin/pip"), "--version")).startsWith("pip ");
    }

    @Test
    void whatIsNoVirtualEnvironmentIsUsedAsItIs() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("bare"));
        assertThat(JobPython.layer(new Interpreter(bare, "3", "", "hash"), folder.resolve("job")))
                .isEqualTo(bare);
    }
}
