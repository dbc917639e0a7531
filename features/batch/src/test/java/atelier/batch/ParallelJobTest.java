package atelier.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.pipelines.PipelineSteps;
import atelier.testkit.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Jobs of type `Parallel`, alone and as steps of a pipeline.
class ParallelJobTest {
    private static final String SCRIPT = """
            import argparse
            def init():
                global word
                parser = argparse.ArgumentParser()
                parser.add_argument("--word")
                word = parser.parse_known_args()[0].word
            def run(mini_batch, context):
                return [f"{word} {context.minibatch_index} {open(path).read()}" for path in mini_batch]
            """;

    @TempDir
    Path folder;

    private BatchLab batch;

    @BeforeEach
    void start() {
        batch = new BatchLab(folder);
        batch.code("c", SCRIPT);
    }

    @AfterEach
    void stop() {
        batch.close();
    }

    private ObjectNode job() {
        return (ObjectNode) Json.parse("""
                {"jobType":"Parallel","input_data":"${{inputs.data}}","mini_batch_size":"2",
                 "inputs":{"data":{"jobInputType":"uri_folder","uri":"#"},
                           "say":{"jobInputType":"literal","value":"it's so"},
                           "size":{"jobInputType":"literal","value":"3"}},
                 "outputs":{"rows":{"jobOutputType":"uri_file"}},
                 "task":{"type":"run_function","code":"azureml:c:1","entry_script":"score.py",
                         "environment":"azureml:python:1","program_arguments":"--word ${{inputs.say}}",
                         "append_row_to":"${{outputs.rows}}"}}
                """.replace("#", batch.files(4)));
    }

    @Test
    void aJobRunsItsMiniBatchesAndAppendsTheRows() {
        batch.lab.submit("j", job());
        Job ended = batch.lab.awaitEnd("j");
        assertThat(ended.status()).as(ended.errorMessage()).isEqualTo("Completed");
        assertThat(batch.text("azureml/j/rows/rows"))
                .isEqualTo("it's so 0 text0\nit's so 0 text1\nit's so 1 text2\nit's so 1 text3\n");
    }

    @Test
    void aNumberMayBeAnInput() {
        ObjectNode job = job();
        job.put("mini_batch_size", "${{inputs.size}}");
        batch.lab.submit("j", job);
        assertThat(batch.lab.awaitEnd("j").status()).isEqualTo("Completed");
        assertThat(batch.text("azureml/j/rows/rows")).contains("it's so 0 text2\n");
    }

    @Test
    void aSizeOfZeroIsNone() {
        batch.lab.submit("j", job().put("mini_batch_size", "0"));
        assertThat(batch.lab.awaitEnd("j").status()).isEqualTo("Completed");
        assertThat(batch.text("azureml/j/rows/rows")).contains("it's so 0 text3\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            mini_batch_size              | ten           | 'mini_batch_size' is a number of files
            error_threshold              | -2            | 'error_threshold' is a whole number
            max_concurrency_per_instance | 0             | 'max_concurrency_per_instance' is a whole number
            logging_level                | LOUD          | 'logging_level' is INFO, WARNING or DEBUG
            input_data                   | ${{inputs.x}} | is not one of the data inputs
            partition_keys               | 5             | 'partition_keys' is a list
            """)
    void whatIsWrongIsNamed(String field, String value, String sentence) {
        ObjectNode job = job().put(field, value);
        assertThatThrownBy(() -> batch.lab.submit("j", job))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining(sentence)
                .extracting(e -> ((Problem) e).target())
                .isEqualTo(field);
    }

    @Test
    void anArgumentThatNamesNothingIsRefused() {
        ObjectNode job = job();
        ((ObjectNode) job.get("task")).put("program_arguments", "--word ${{inputs.sy}}");
        assertThatThrownBy(() -> batch.lab.submit("j", job))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("no input 'sy'")
                .hasMessageContaining("Did you mean 'say'?");
    }

    @Test
    void aStepOfAPipelineTakesItsComponentsSettingsAndIsReused() {
        ObjectNode spec = (ObjectNode) Json.parse("""
                {"type":"parallel","name":"par","input_data":"${{inputs.data}}","mini_batch_size":"1",
                 "inputs":{"data":{"type":"uri_folder"},"say":{"type":"string"}},
                 "outputs":{"rows":{"type":"uri_file"}},
                 "task":{"type":"run_function","code":"azureml:c:1","entry_script":"score.py",
                         "environment":"azureml:python:1","program_arguments":"--word ${{inputs.say}}",
                         "append_row_to":"${{outputs.rows}}"}}
                """);
        ObjectNode properties = Json.object();
        properties.set("componentSpec", spec);
        batch.lab.assets.put(batch.lab.workspace, "components", "par", "1", properties, TestServer.USER);
        String pipeline = """
                {"jobType":"Pipeline",
                 "inputs":{"data":{"jobInputType":"uri_folder","uri":"#"},"size":{"jobInputType":"literal","value":"4"}},
                 "jobs":{"score":{"type":"parallel","componentId":"azureml:par:1",
                   "mini_batch_size":"${{parent.inputs.size}}","retry_settings":{"max_retries":0,"timeout":60},
                   "inputs":{"data":{"value":"${{parent.inputs.data}}"},"say":{"value":"hi"}}}}}
                """.replace("#", batch.files(3));
        for (String name : new String[] {"p1", "p2"}) {
            batch.lab.submit(name, (ObjectNode) Json.parse(pipeline));
            Job ended = batch.lab.awaitEnd(name);
            assertThat(ended.status()).as(ended.errorMessage()).isEqualTo("Completed");
        }
        String step = PipelineSteps.jobName("p1", "score");
        assertThat(batch.text("azureml/" + step + "/rows/rows")).isEqualTo("hi 0 text0\nhi 0 text1\nhi 0 text2\n");
        assertThat(batch.lab
                        .feature()
                        .jobs()
                        .get(batch.lab.workspace, PipelineSteps.jobName("p2", "score"))
                        .properties()
                        .at("/properties/azureml.reusedfrom")
                        .asString())
                .isEqualTo(step);
    }

    @Test
    void anMlTableThatIsNotThereIsTold() {
        ObjectNode job = job();
        ((ObjectNode) job.at("/inputs/data")).put("jobInputType", "mltable");
        batch.lab.submit("j", job);
        assertThat(batch.lab.awaitEnd("j").errorMessage()).contains("there is no file 'MLTable'");
    }
}
