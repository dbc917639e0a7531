package atelier.environments.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.environments.internal.Pythons.Python;
import atelier.kernel.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3.10.4 | 3.10         | true",
                "3.10.4 | 3.10.4       | true",
                "3.10.4 | 3.10.5       | false",
                "3.10.4 | =3.10        | true",
                "3.10.4 | ==3.10.*     | true",
                "3.10.4 | >=3.9,<3.12  | true",
                "3.12.0 | >=3.9,<3.12  | false",
                "3.11.9 | <=3.11       | true",
                "3.11.9 | >3.11        | false",
                "3.11.9 | !=3.11       | false",
                "3.11.9 | ~=3.9        | true",
                "3.10.4 | ~=3.9.1      | false",
                "3.10.4 | ''           | true",
                "3.10.4 | 3            | true",
                "3.10.4 | rubbish      | false",
            })
    void aVersionMeetsASpecification(String version, String specification, boolean expected) {
        assertThat(PythonVersion.parse(version).meets(specification)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"3.10,3.10.13", "3.11,3.11.7", "'',3.11.7", "'>=3.12',3.12.1", "3.13.0,3.13.0"})
    void whatIsThereIsTakenWithoutAWord(String specification, String expected) {
        Pythons.Choice choice =
                of("3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.0").choose(specification);

        assertThat(choice.python().version()).hasToString(expected);
        assertThat(choice.note()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3.8,3.9.18", "3.10.19,3.11.7", "3.14,3.13.0", "3.7,3.9.18", "'<3.5',3.11.7"})
    void otherwiseTheNearestAndTheLogSaysSo(String specification, String expected) {
        Pythons.Choice choice = of("3.9.18", "3.11.7", "3.13.0").choose(specification);

        assertThat(choice.python().version()).hasToString(expected);
        assertThat(choice.note()).contains(specification + " is not installed").contains(expected);
    }

    @Test
    void aMachineWithoutPythonIsToldWhatToInstall() {
        assertThatThrownBy(() -> of().choose("3.11"))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("Install python3");
    }

    @Test
    void interpretersAreFoundOnThePathAndInPyenvButShimsAreNotAsked(@TempDir Path home) throws Exception {
        executable(home.resolve("bin/python3.11"), "echo 3.11.7 1");
        Files.createSymbolicLink(home.resolve("bin/python3"), home.resolve("bin/python3.11"));
        executable(home.resolve("bin/python3.99"), "exit 127");
        executable(home.resolve(".pyenv/versions/3.10.13/bin/python3"), "echo 3.10.13 0");
        executable(home.resolve(".pyenv/shims/python3.12"), "echo 3.12.0 1");
        executable(home.resolve(".pyenv/versions/2.7/bin/python3.1"), "echo 2.7.18 1");
        String path = home.resolve("bin") + ":" + home.resolve(".pyenv/shims") + ":" + home.resolve("nothing");

        Pythons pythons = Pythons.installed(new ProcessTool(), Map.of("HOME", home.toString(), "PATH", path));

        assertThat(pythons.choose("3.10").python().version()).hasToString("3.10.13");
        assertThat(pythons.choose("3.12").python().version()).hasToString("3.11.7");
        assertThat(pythons.bootstrap().orElseThrow().version()).hasToString("3.11.7");
    }

    private static void executable(Path file, String line) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Pythons of(String... versions) {
        List<Python> pythons = Stream.of(versions)
                .map(version -> new Python(Path.of("/python", version), PythonVersion.parse(version), true))
                .toList();
        return new Pythons(() -> pythons);
    }
}
