package atelier.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "diabetes-data", "AzureML-sklearn-1.5", "0_x"})
    void assetNamesOfTheFieldPass(String name) {
        assertThat(Names.asset(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "-a", "a b", "ä", "a\u0000"})
    void namesThatCouldLeaveTheirFolderAreRefused(String name) {
        assertThatThrownBy(() -> Names.asset(name)).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> Names.version(name)).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> Names.job(name)).isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void anOverlongNameIsCutInTheMessage() {
        assertThatThrownBy(() -> Names.asset("x".repeat(10_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }
}
