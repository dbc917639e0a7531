package atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpressionsTest {
    private static String command(String text) {
        return Expressions.command(
                text, Map.of("rate", "0.1", "data", "/in/data", "a.b", "nested"), Map.of("m", "/out"));
    }

    @Test
    void inputsAndOutputsAreReplaced() {
        assertThat(command("t ${{inputs.rate}} ${{ inputs.data.path }} ${{inputs.a.b}} ${{outputs.m}}"))
                .isEqualTo("t 0.1 /in/data nested /out");
    }

    @Test
    void theShellKeepsItsOwnDollars() {
        assertThat(command("echo $HOME ${HOME} $(date) \\1")).isEqualTo("echo $HOME ${HOME} $(date) \\1");
    }

    @Test
    void anOptionalGroupVanishesWithItsInput() {
        assertThat(command("t $[[--r ${{inputs.rate}}]] $[[--x ${{inputs.none}} --r ${{inputs.rate}}]]."))
                .isEqualTo("t --r 0.1 .");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> command("t ${{inputs.raet}}"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("Did you mean 'rate'?");
        assertThatThrownBy(() -> command("t ${{parent.inputs.x}}")).isInstanceOf(Problem.Invalid.class);
    }
}
