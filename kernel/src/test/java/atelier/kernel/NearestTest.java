package atelier.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void aSlipOfTheKeyIsRecognisedAndAStrangerIsNot() {
        List<String> known = List.of("inputs", "outputs", "environment");
        assertThat(Nearest.to("enviroment", known)).hasValue("environment");
        assertThat(Nearest.hint("input", known)).isEqualTo(" Did you mean 'inputs'?");
        assertThat(Nearest.to("colour", known)).isEmpty();
    }
}
