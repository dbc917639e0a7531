package atelier.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {
    private static List<String> check(String kind, String... lines) {
        return Schemas.check(kind, String.join("\n", lines) + "\n").stream()
                .map(Mistake::toString)
                .toList();
    }

    @Test
    void aCommandJobWithEverythingIsRight() {
        assertThat(check(
                        "job",
                        "$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json",
                        "command: echo ${{inputs.a}}",
                        "environment: {image: python}",
                        "code: src",
                        "inputs: {a: 1, b: {type: uri_file, path: x.csv, mode: ro_mount}, c: 0.5, d: true, e: text}",
                        "outputs: {model: {type: mlflow_model, mode: rw_mount}, other: }",
                        "distribution: {type: pytorch, process_count_per_instance: 2}",
                        "resources: {instance_count: 2}",
                        "limits: {timeout: 60}",
                        "environment_variables: {A: 1}",
                        "tags: {a: b}",
                        "status: Completed"))
                .isEmpty();
    }

    @Test
    void everyMistakeIsFoundInTheOrderOfTheFile() {
        assertThat(check("job", "comand: x", "environment: azureml:e:1", "limits: 5", "outputs:", "  o: {mode: fly}"))
                .containsExactly(
                        "1:1: 'comand' is not a field of a command job. Did you mean 'command'?",
                        "1:1: a command job needs 'command'.",
                        "3:1: 'limits' must be a mapping, not 5.",
                        "5:7: 'fly' is not one of mount, upload, rw_mount, direct.");
    }

    @Test
    void aStepIsCheckedByItsType() {
        assertThat(check(
                        "job",
                        "type: pipeline",
                        "jobs:",
                        "  tune:",
                        "    type: sweep",
                        "    trial: train.yml",
                        "    objectiv: {goal: maximize, primary_metric: auc}",
                        "    search_space: {rate: {type: uniform, min_value: 0}}"))
                .anyMatch(each -> each.equals("6:5: 'objectiv' is not a field of 'tune'. Did you mean 'objective'?"))
                .anyMatch(each -> each.contains("'rate' needs 'max_value'."));
    }

    @Test
    void aWordThatIsNoTypeListsThoseThereAre() {
        assertThat(check("job", "type: comand"))
                .containsExactly(
                        "1:1: 'comand' is not one of command, pipeline, sweep, spark, automl, parallel. Did you mean 'command'?");
        assertThat(check("job", "type: automl", "task: clasification").getFirst())
                .startsWith("2:1: 'clasification' is not one of classification,")
                .endsWith("Did you mean 'classification'?");
        assertThat(check("compute", "name: c").getFirst()).startsWith("1:1: 'type' is needed: amlcompute,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AmlCompute", "amlcompute", "AMLCOMPUTE"})
    void wordsAreComparedWithoutCase(String type) {
        assertThat(check("compute", "name: c", "type: " + type, "max_instances: '3'"))
                .isEmpty();
    }

    @Test
    void anExpressionStandsForAnyScalar() {
        assertThat(check(
                        "component",
                        "name: c",
                        "command: x",
                        "environment: azureml:e:1",
                        "resources: {instance_count: '${{parent.inputs.n}}'}"))
                .isEmpty();
    }

    @Test
    void theKindIsKnownByTheFile() {
        assertThat(Schemas.check(null, "name: e\nimage: i\nconda_fil: c\n")
                        .getFirst()
                        .message())
                .isEqualTo("'conda_fil' is not a field of an environment. Did you mean 'conda_file'?");
        assertThat(Schemas.check(
                                null,
                                "$schema: x/modelBatchDeployment.schema.json\nname: d\nendpoint_name: e\nmodel: m\n")
                        .getFirst()
                        .message())
                .isEqualTo("a model batch deployment needs 'compute'.");
    }

    @Test
    void aTextThatIsNoYamlIsOneMistakeWithItsPlace() {
        assertThat(check("job", "a: 1", "b: [1, 2").getFirst()).startsWith("3:1: this is not valid YAML: ");
        assertThat(check("job", "- 1"))
                .containsExactly("1:1: a YAML mapping is needed, that is lines of `name: value`.");
        assertThat(check("job", "a: 1", "a: 2")).containsExactly("2:1: 'a' is given twice.");
    }

    @Test
    void anAliasBombIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            for (int j = 0; j < 10; j++) {
                bomb.append(j == 0 ? "" : ", ").append("*a").append(i - 1);
            }
            bomb.append("]\n");
        }
        assertThat(check("job", bomb.toString()).getFirst()).contains("Number of aliases");
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() {
        assertThat(check("job", "a: " + "[".repeat(500) + "]".repeat(500)).getFirst())
                .contains("nested too deeply");
    }

    @Test
    void mergeKeysAndAnchorsAreRead() throws YamlText.NotYaml {
        YamlText yaml = YamlText.parse("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\n");
        assertThat(yaml.root().path("more").toString()).isEqualTo("{\"y\":3,\"x\":1}");
        assertThat(yaml.marks().get("/more/y")).isEqualTo(new Mark(4, 3));
    }

    @Test
    void everyKindHasAType() {
        assertThat(Schemas.kinds()).contains("command job", "sweep job", "schedule", "connection", "mltable");
        for (String kind : Schemas.kinds()) {
            assertThat(Schemas.check(kind, "no_such_field: 1\n"))
                    .as(kind)
                    .anyMatch(each -> each.message().startsWith("'no_such_field' is not a field of"));
        }
    }
}
