package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.pipelines.Graph.Edge;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class GraphTest {
    private static Graph graph(String jobs) {
        return Graph.of((ObjectNode) Json.parse("{\"jobs\":" + jobs + "}"));
    }

    @Test
    void stepsAreOrderedByWhatTheyNeed() {
        Graph graph = graph("""
                {"b":{"componentId":"c","inputs":{"x":{"job_input_type":"literal","value":"${{parent.jobs.a.outputs.o}}"}},
                      "outputs":{"y":{"type":"literal","value":"${{parent.outputs.final}}"}}},
                 "a":{"componentId":"c","inputs":{"d":{"value":"${{parent.inputs.data}}"},"n":{"value":"5"},
                      "t":{"value":"pre-${{parent.inputs.tag}}"},
                      "f":{"job_input_type":"uri_file","uri":"azureml:d:1","mode":"Direct"}}}}""");
        assertThat(graph.nodes().keySet()).containsExactly("a", "b");
        assertThat(graph.edges())
                .containsExactlyInAnyOrder(
                        new Edge("inputs", "data", "a", "d"),
                        new Edge("inputs", "tag", "a", "t"),
                        new Edge("a", "o", "b", "x"),
                        new Edge("b", "y", "outputs", "final"));
        assertThat(graph.node("a").inputs())
                .containsEntry("n", new Binding.Literal("5"))
                .containsEntry("f", new Binding.Data("uri_file", "azureml:d:1", "Direct"));
    }

    @Test
    void aCircleIsNamed() {
        assertThatThrownBy(() -> graph("""
                {"a":{"componentId":"c","inputs":{"x":{"value":"${{parent.jobs.c.outputs.o}}"}}},
                 "b":{"componentId":"c","inputs":{"x":{"value":"${{parent.jobs.a.outputs.o}}"}}},
                 "c":{"componentId":"c","inputs":{"x":{"value":"${{parent.jobs.b.outputs.o}}"}}}}"""))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("The steps go in a circle: a needs c needs b needs a.");
    }

    @Test
    void aStepThatIsNotThereIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> graph("""
                {"prepare":{"componentId":"c"},
                 "train":{"componentId":"c","inputs":{"x":{"value":"${{parent.jobs.prepar.outputs.o}}"}}}}""")).hasMessageContaining("Did you mean 'prepare'?");
    }

    @Test
    void whatIsNoBindingIsSaidToBeNone() {
        assertThatThrownBy(
                        () -> graph("{\"a\":{\"componentId\":\"c\",\"inputs\":{\"x\":{\"value\":\"${{inputs.y}}\"}}}}"))
                .hasMessageContaining("jobs.a.inputs.x");
        assertThatThrownBy(() -> graph("{\"a\":{\"componentId\":\"c\",\"outputs\":{\"x\":\"${{parent.inputs.y}}\"}}}"))
                .hasMessageContaining("${{parent.outputs.<name>}}");
        assertThatThrownBy(() -> graph("{\"a\":{}}")).hasMessageContaining("no component");
        assertThatThrownBy(() -> graph("{}")).hasMessageContaining("at least one step");
    }

    @Test
    void theYamlFormOfNestedPipelinesIsTheSame() {
        Graph graph = graph("""
                {"a":{"component":"azureml:c:1","inputs":{"n":3,"flag":true,"d":"${{parent.inputs.data}}"},
                      "outputs":{"o":"${{parent.outputs.out}}"}}}""");
        assertThat(graph.node("a").inputs())
                .containsEntry("n", new Binding.Literal("3"))
                .containsEntry("flag", new Binding.Literal("True"))
                .containsEntry("d", new Binding.ParentInput("data"));
        assertThat(graph.edges()).contains(new Edge("a", "o", "outputs", "out"));
    }

    @Test
    void theJobOfAStepHasOneName() {
        String name = PipelineSteps.jobName("p", "train model");
        assertThat(name).isEqualTo(PipelineSteps.jobName("p", "train model")).startsWith("p-train_model-");
        assertThat(name).isNotEqualTo(PipelineSteps.jobName("p", "train.model"));
        assertThat(PipelineSteps.jobName("p".repeat(255), "x")).hasSizeLessThan(255);
    }
}
