package atelier.environments.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CondaFileTest {
    @Test
    void aModelsFileBecomesAPinAndRequirements() {
        CondaFile file = CondaFile.parse("""
                channels:
                - conda-forge
                dependencies:
                - python=3.10.19
                - pip<=24.0
                - pip:
                  - mlflow==2.22.2
                  - scikit-learn==1.5.2
                name: mlflow-env
                """);

        assertThat(file.python()).isEqualTo("3.10.19");
        assertThat(file.requirements()).containsExactly("pip<=24.0", "mlflow==2.22.2", "scikit-learn==1.5.2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scikit-learn              | scikit-learn",
                "numpy=1.23                | numpy==1.23.*",
                "numpy=1.23.*              | numpy==1.23.*",
                "numpy==1.23.5             | numpy==1.23.5",
                "numpy>=1.2,<2             | numpy>=1.2,<2",
                "numpy >=1.2, <2           | numpy>=1.2,<2",
                "numpy 1.23                | numpy==1.23.*",
                "pandas=1.5.3=py310h9b08913_0 | pandas==1.5.3.*",
                "conda-forge::lightgbm=4.1 | lightgbm==4.1.*",
                "pytorch=2.1               | torch==2.1.*",
                "NumPy=*                   | numpy",
            })
    void versionsFollowCondasMeaning(String conda, String pip) {
        CondaFile file = CondaFile.parse("dependencies:\n  - \"" + conda + "\"\n");

        assertThat(file.requirements()).containsExactly(pip);
    }

    @Test
    void aRangeOfPythonsStaysARange() {
        assertThat(CondaFile.parse("dependencies: ['python>=3.9,<3.12']").python())
                .isEqualTo(">=3.9,<3.12");
        assertThat(CondaFile.parse("dependencies: [python=3.11]").python()).isEqualTo("3.11");
        assertThat(CondaFile.parse("dependencies: [python]").python()).isEmpty();
    }

    @Test
    void whatIsNoPythonPackageIsLeftOutAndSaid() {
        CondaFile file = CondaFile.parse("dependencies: [mkl, cudatoolkit=11.3, pandas]");

        assertThat(file.requirements()).containsExactly("pandas");
        assertThat(file.notes()).hasSize(2).anySatisfy(note -> assertThat(note).contains("'mkl'"));
    }

    @Test
    void aFileWithoutDependenciesAsksForNothing() {
        assertThat(CondaFile.parse("name: empty").requirements()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "just text ; mapping with 'dependencies'",
                "dependencies: numpy ; must be a list",
                "dependencies: [{conda: [a]}] ; 'pip', a list",
                "dependencies: ['a=1|2'] ; choose one",
                "dependencies: ['a b c d'] ; name=version",
                "dependencies: [ ; not valid YAML",
            })
    void aFaultIsSaidInASentence(String yaml, String words) {
        assertThatThrownBy(() -> CondaFile.parse(yaml))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining(words);
    }
}
