package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficTest {
    private static Traffic traffic(String json) {
        return Traffic.parse(Json.parse(json));
    }

    @Test
    void requestsAreSharedOutAsAskedAfterAHundredAlready() {
        Traffic traffic = traffic("{\"blue\":90,\"green\":10}");
        int blue = 0;
        for (int i = 0; i < 100; i++) {
            blue += traffic.choose(i).orElseThrow().equals("blue") ? 1 : 0;
        }
        assertThat(blue).isCloseTo(90, within(2));
    }

    @Test
    void aDeploymentWithoutTrafficIsNeverChosen() {
        Traffic traffic = traffic("{\"blue\":0,\"green\":100}");
        for (int i = 0; i < 1000; i++) {
            assertThat(traffic.choose(i)).contains("green");
        }
    }

    @Test
    void withoutTrafficNobodyIsChosen() {
        assertThat(traffic("{\"blue\":0}").choose(7)).isEmpty();
        assertThat(Traffic.NONE.choose(0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":50}", "{\"a\":-1,\"b\":101}", "{\"a\":60,\"b\":60}", "{\"a\":\"all\"}", "{\"a\":99.5}"})
    void whatDoesNotAddUpIsRefused(String json) {
        assertThatThrownBy(() -> traffic(json)).isInstanceOf(Problem.Invalid.class);
    }
}
