package atelier.environments.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.environments.Environments.Definition;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DefinitionsTest {
    static final Workspace WORKSPACE = new Workspace("w", "s", "rg", "main", "local", Instant.EPOCH);
    private final FakeAssets assets = new FakeAssets();
    private final Map<String, String> context = new HashMap<>();
    private final Definitions definitions =
            new Definitions(assets, Curated.load(), (_, _, path) -> Optional.ofNullable(context.get(path)));

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
        "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest,''",
        "library/python:latest,''",
        "ubuntu:22.04,''",
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

    private Definition docker(String dockerfile) {
        context.put("Dockerfile", dockerfile);
        ObjectNode properties = Json.object();
        properties.putObject("build").put("contextUri", "https://x").put("dockerfilePath", "Dockerfile");
        put("docker", "1", properties);
        return definitions.resolve(WORKSPACE, "azureml:docker:1");
    }

    @Test
    void aBuildContextIsWhatItsDockerfileInstalls() {
        context.put("requirements.txt", "pandas>=1.1\n# why\nscikit-learn\n");
        Definition definition = docker("""
                # a comment
                FROM python:3.8
                COPY requirements.txt .
                RUN apt-get update && apt-get install -y git \\
                    && pip install --no-cache-dir -r requirements.txt 'tqdm>=4,<5' \\
                       --extra-index-url https://i.example/simple && rm requirements.txt
                CMD ["bash"]
                """);
        assertThat(definition.python()).isEqualTo("3.8");
        assertThat(definition.requirements())
                .containsExactly(
                        "pandas>=1.1", "scikit-learn", "tqdm>=4,<5", "--extra-index-url https://i.example/simple");
        assertThat(definitions.notes(definition)).anyMatch(note -> note.contains("apt-get install -y git"));
    }

    @Test
    void aDockerfileMayBeginWithACuratedImageAndChangeAPackage() {
        Definition definition = docker("""
                FROM mcr.microsoft.com/azureml/curated/sklearn-1.5:latest
                RUN python -m pip install -U pip && python -m pip install scikit_learn==1.4.2
                """);
        assertThat(definition.requirements())
                .contains("mlflow==2.22.*", "scikit_learn==1.4.2")
                .doesNotContain("scikit-learn==1.5.2");
    }

    @Test
    void aDockerfileMayMakeACondaEnvironment() {
        context.put("env/conda.yml", "dependencies: [python=3.9, numpy, pip: [tqdm]]");
        assertThat(
                        docker(
                                "FROM mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\nRUN conda env create -f env/conda.yml"))
                .satisfies(definition -> {
                    assertThat(definition.python()).isEqualTo("3.9");
                    assertThat(definition.requirements()).containsExactly("numpy", "tqdm");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FROM rocker/tidyverse:4.0.0|it is R",
                "FROM python:3.8\\nRUN R -e \"install.packages('x')\"|Give the environment a conda file",
                "FROM python:3.8\\nRUN make && make install|RUN make && make install",
                "FROM python:3.8\\nRUN pip install .|from its own folder",
                "FROM python:3.8\\nRUN pip install -r nowhere.txt|not in its build context",
                "RUN pip install x|has no FROM line",
            })
    void whatADockerfileNeedsAnEngineForIsNamed(String dockerfile, String words) {
        assertThatThrownBy(() -> docker(dockerfile.replace("\\n", "\n")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("docker:1")
                .hasMessageContaining(words);
    }

    @Test
    void aBuildContextWithoutDockerfileSaysSo() {
        ObjectNode properties = Json.object();
        properties.putObject("build").put("contextUri", "https://x").put("dockerfilePath", "docker/Dockerfile");
        put("docker", "1", properties);

        assertThatThrownBy(() -> definitions.resolve(WORKSPACE, "azureml:docker:1"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("docker/Dockerfile");
    }

    @ParameterizedTest
    @CsvSource({
        "mcr.microsoft.com/azureml/minimal-py312-inference:latest, azureml-inference-server-http",
        "mcr.microsoft.com/azureml/mlflow-ubuntu20.04-py38-cpu-inference:2022, mlflow==2.22.*",
        "mcr.microsoft.com/azureml/curated/tensorflow-2.12-cuda11:latest, sqlalchemy<2.0.50",
        "pytorch/pytorch:latest, torch==2.8.*",
    })
    void anImageWithKnownContentsBringsThem(String image, String requirement) {
        put("known", "1", Json.object().put("image", image));

        assertThat(definitions.resolve(WORKSPACE, "azureml:known:1").requirements())
                .contains(requirement);
    }

    @Test
    void everyCuratedEntryHasPackagesAndAVersion() {
        assertThat(Curated.load().entries()).allSatisfy(entry -> {
            assertThat(entry.requirements()).isNotEmpty();
            assertThat(entry.version()).isNotEmpty();
            assertThat(entry.name()).startsWith("AzureML-");
        });
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
