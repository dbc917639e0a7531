package atelier.cli.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.cli.CliError;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFileTest {
    private static final Fields JOB =
            Fields.of("a command job", "command environment inputs type").required("command");

    private static YamlFile file(String... lines) {
        return YamlFile.parse(Path.of("job.yml"), String.join("\n", lines) + "\n");
    }

    @Test
    void anUnknownFieldIsSaidWithItsLineAndTheNearestName() {
        YamlFile file = file("type: command", "", "comand: echo");
        assertThatThrownBy(() -> JOB.check(file, ""))
                .isInstanceOf(CliError.class)
                .hasMessage("job.yml:3:1: 'comand' is not a field of a command job. Did you mean 'command'?");
    }

    @Test
    void aMissingFieldIsSaidByName() {
        assertThatThrownBy(() -> JOB.check(file("type: command"), ""))
                .hasMessage("job.yml:1:1: a command job needs 'command'.");
    }

    @Test
    void brokenYamlIsSaidWithItsLine() {
        assertThatThrownBy(() -> file("a: 1", "b: [1, 2"))
                .isInstanceOf(CliError.class)
                .hasMessageStartingWith("job.yml:3:1: ")
                .hasMessageContaining("not valid YAML");
    }

    @Test
    void aKeyGivenTwiceIsAMistake() {
        assertThatThrownBy(() -> file("a: 1", "a: 2")).hasMessage("job.yml:2:1: 'a' is given twice.");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0.5, 0.5", "true, True", "'''1''', 1", "yes, yes", "1e-3, 0.001", "007, 7", "text, text"})
    void scalarsBecomeTheTextThatAzureMlSends(String yaml, String text) {
        assertThat(YamlFile.scalar(file("x: " + yaml).root().path("x"))).isEqualTo(text);
    }

    @Test
    void setChangesANestedFieldAndKeepsItsType() {
        YamlFile file = file("inputs:", "  rate: 1");
        file.set("inputs.rate=0.25");
        file.set("inputs.name=x");
        assertThat(file.root().path("inputs").path("rate").asDouble()).isEqualTo(0.25);
        assertThat(file.root().path("inputs").path("name").asString()).isEqualTo("x");
    }

    @Test
    void setOnAnInputWithAPathChangesThePath() {
        YamlFile file = file("inputs:", "  data: {type: uri_file, path: a.csv}");
        file.set("inputs.data=azureml:d:2");
        assertThat(file.root().at("/inputs/data/path").asString()).isEqualTo("azureml:d:2");
        assertThat(file.root().at("/inputs/data/type").asString()).isEqualTo("uri_file");
    }

    @Test
    void setWithoutAValueIsAMistake() {
        assertThatThrownBy(() -> file("a: 1").set("a")).hasMessageContaining("FIELD=VALUE");
    }
}
