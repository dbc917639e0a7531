package atelier.environments.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.environments.Environments.Definition;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DefinitionsTest {
    static final Workspace WORKSPACE = new Workspace("w", "s", "rg", "main", "local", Instant.EPOCH);
    private final FakeAssets assets = new FakeAssets();
    private final Definitions definitions = new Definitions(assets, Curated.load());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AzureML-sklearn-1.5@latest",
                "azureml:AzureML-sklearn-1.5@latest",
                "AzureML-sklearn-1.5",
                "azureml:AzureML-sklearn-1.5:1",
                "azureml://registries/azureml/environments/sklearn-1.5/labels/latest",
                "azureml://registries/azureml/environments/sklearn-1.5/versions/35",
                "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest",
                "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu:44",
                "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/main"
                        + "/environments/AzureML-sklearn-1.0-ubuntu20.04-py38-cpu/versions/44",
                "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu@latest",
            })
    void aCuratedNameIsKnownInEveryForm(String reference) {
        Definition definition = definitions.resolve(WORKSPACE, reference);

        assertThat(definition.python()).isEqualTo("3.10");
        assertThat(definition.requirements()).contains("mlflow==2.22.*", "scikit-learn==1.5.2");
        assertThat(definition.hash())
                .isEqualTo(definitions
                        .resolve(WORKSPACE, "AzureML-sklearn-1.5@latest")
                        .hash());
    }

    @Test
    void somebodysOwnVersionUnderACuratedNameWins() {
        put("AzureML-sklearn-1.5", "2", Json.object().put("condaFile", "dependencies: [python=3.9, tqdm]"));

        assertThat(definitions.resolve(WORKSPACE, "AzureML-sklearn-1.5@latest").requirements())
                .containsExactly("tqdm");
    }

    @Test
    void aCondaFileDecidesAndTheImageDoesNot() {
        put("mine", "3", Json.object().put("image", "mcr/x").put("condaFile", "dependencies: [python=3.11, pandas]"));

        Definition definition = definitions.resolve(WORKSPACE, "azureml:mine:3");

        assertThat(definition.label()).isEqualTo("mine:3");
        assertThat(definition.python()).isEqualTo("3.11");
        assertThat(definition.requirements()).containsExactly("pandas");
    }

    @ParameterizedTest
    @CsvSource({
        "mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04,''",
        "docker.io/library/python:3.9-slim,3.9",
        "mcr.microsoft.com/azureml/mlflow-ubuntu20.04-py38-cpu-inference:latest,3.8",
        "registry:5000/x/python-py310:1,3.10",
    })
    void aBareImageIsAnInterpreterWithoutPackagesAndTheLogSaysSo(String image, String python) {
        put("bare", "1", Json.object().put("image", image));

        Definition definition = definitions.resolve(WORKSPACE, "azureml:bare:1");

        assertThat(definition.requirements()).isEmpty();
        assertThat(definition.python()).isEqualTo(python);
        assertThat(definitions.notes(definition)).singleElement().asString().contains(image);
    }

    @Test
    void aCuratedImageBringsItsPackages() {
        put("c", "1", Json.object().put("image", "mcr.microsoft.com/azureml/curated/sklearn-1.5:23"));

        assertThat(definitions.resolve(WORKSPACE, "azureml:c:1").requirements()).contains("scikit-learn==1.5.2");
    }

    @Test
    void aDockerfileIsRefusedWithAWayOut() {
        ObjectNode properties = Json.object();
        properties.putObject("build").put("contextUri", "https://x");
        put("docker", "1", properties);

        assertThatThrownBy(() -> definitions.resolve(WORKSPACE, "azureml:docker:1"))
                .isInstanceOf(Problem.Unsupported.class)
                .hasMessageContaining("Give it a conda file instead");
    }

    @Test
    void anUnknownEnvironmentOfTheRegistryNamesTheKnown() {
        assertThatThrownBy(() ->
                        definitions.resolve(WORKSPACE, "azureml://registries/azureml/environments/none/labels/latest"))
                .isInstanceOf(Problem.NotFound.class)
                .hasMessageContaining("sklearn-1.5");
        assertThatThrownBy(() -> definitions.resolve(
                        WORKSPACE, "azureml://registries/other/environments/sklearn-1.5/labels/latest"))
                .isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void equalContentHasEqualHashesWhateverTheOrderAndTheComments() {
        Definition one = Requirements.definition("a", "3.11", List.of("b", "# why", "a  # because", ""));
        Definition two = Requirements.definition("b", "3.11", List.of("a", "b"));

        assertThat(one.hash()).isEqualTo(two.hash());
        assertThat(one.hash())
                .isNotEqualTo(
                        Requirements.definition("a", "3.10", List.of("a", "b")).hash());
    }

    @Test
    void aRequirementInAnotherFileIsRefused() {
        assertThatThrownBy(() -> Requirements.clean(List.of("-r more.txt"))).hasMessageContaining("list the packages");
    }

    private void put(String name, String version, ObjectNode properties) {
        assets.put(WORKSPACE, "environments", name, version, properties, Caller.SYSTEM);
    }
}
