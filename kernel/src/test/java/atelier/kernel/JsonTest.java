package atelier.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void brokenJsonSaysWhere() {
        assertThatThrownBy(() -> Json.parse("{\"a\":\n tru}"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void yamlReadsIntoTheSameTreeAsJson() {
        assertThat(Json.yaml("inputs:\n  rate: 0.1\n  on: [1, two]"))
                .isEqualTo(Json.parse("{\"inputs\":{\"rate\":0.1,\"on\":[1,\"two\"]}}"));
    }
}
