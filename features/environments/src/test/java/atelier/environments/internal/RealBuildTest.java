package atelier.environments.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.environments.Environments.Definition;
import atelier.environments.Environments.Interpreter;
import atelier.kernel.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real uv with packages that the test makes itself. uv comes from the configured index once; after that nothing
/// leaves the machine.
@Tag("slow")
class RealBuildTest {
    @TempDir
    static Path data;

    @TempDir
    static Path wheels;

    @Test
    void aBuildOfferedByAFolderOfWheels() throws Exception {
        wheel("hello", "1.0", "");
        wheel("hello", "2.0", "Requires-Dist: world\n");
        wheel("world", "0.5", "");
        LockedEnvironments environments = environments(Map.of());
        Definition definition = Requirements.definition(
                "greeting:1", "", List.of("--no-index", "--find-links " + wheels, "hello>=1.5"));

        Interpreter interpreter = environments.materialize(definition, _ -> {});

        assertThat(interpreter.lock().lines()).contains("hello==2.0", "world==0.5");
        Tool.Result said = new ProcessTool()
                .run(
                        List.of(interpreter.python().toString(), "-c", "import hello; print(hello.VERSION)"),
                        Map.of(),
                        _ -> {});
        assertThat(said).isEqualTo(new Tool.Result(0, "2.0"));
        assertThat(interpreter.home().resolve("lib")).isDirectoryRecursivelyContaining("glob:**/hello*.pyc");
    }

    @Test
    void aPackageThatIsInNoFolder() {
        Definition definition = Requirements.definition(
                "greeting:2", "", List.of("--no-index", "--find-links " + wheels, "no-such-package"));

        assertThatThrownBy(() -> environments(Map.of()).materialize(definition, _ -> {}))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("no-such-package");
    }

    @Test
    void anIndexThatDoesNotAnswer() {
        environments(Map.of()).materialize(Requirements.definition("bare", "", List.of()), _ -> {}); // brings uv
        Definition definition =
                Requirements.definition("greeting:3", "", List.of("--index-url http://127.0.0.1:9/simple", "hello"));

        assertThatThrownBy(() -> environments(Map.of("UV_HTTP_RETRIES", "0")).materialize(definition, _ -> {}))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("does not answer");
    }

    private static LockedEnvironments environments(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.putAll(more);
        ProcessTool tool = new ProcessTool();
        Pythons pythons = Pythons.installed(tool, variables);
        return new LockedEnvironments(
                new Definitions(new FakeAssets(), Curated.load(), (_, _, _) -> java.util.Optional.empty()),
                pythons,
                new Uv(tool, pythons, data, variables),
                new EnvironmentFolders(data.resolve("environments")),
                InstantSource.system());
    }

    /// A wheel (PEP 427) with one module that knows its version.
    private static void wheel(String name, String version, String more) throws IOException {
        String info = name + "-" + version + ".dist-info/";
        Path file = wheels.resolve(name + "-" + version + "-py3-none-any.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            entry(zip, name + ".py", "VERSION = '" + version + "'\n");
            entry(
                    zip,
                    info + "METADATA",
                    "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n" + more);
            entry(
                    zip,
                    info + "WHEEL",
                    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            entry(
                    zip,
                    info + "RECORD",
                    name + ".py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n");
        }
    }

    private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
