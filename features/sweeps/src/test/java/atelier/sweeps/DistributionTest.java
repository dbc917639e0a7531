package atelier.sweeps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import atelier.kernel.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Values against hand-computed ones: quantiles of the distributions.
class DistributionTest {
    private static Distribution one(String json, double base) {
        return SearchSpace.of(Json.parse("{\"x\": " + json + "}"), base).parameters().members().values().stream()
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"uniform\", [2, 6]]|0.25|3.0",
                "[\"loguniform\", [0, 2]]|0.5|2.718281828459045",
                "[\"quniform\", [0, 10, 3]]|0.5|6",
                "[\"quniform\", [0, 1, 0.1]]|0.32|0.3",
                "[\"qloguniform\", [0, 4, 2]]|0.5|8",
                "[\"normal\", [10, 2]]|0.5|10.0",
                "[\"normal\", [0, 1]]|0.975|1.959963984540054",
                "[\"lognormal\", [0, 1]]|0.5|1.0",
                "[\"qnormal\", [10, 2, 5]]|0.99|15",
                "[\"qlognormal\", [3, 1, 10]]|0.5|20",
                "[\"randint\", [10]]|0.99|9",
                "[\"choice\", [[\"a\", \"b\", \"c\"]]]|0.34|b",
            })
    void aNumberOfTheUnitIntervalMeansAValue(String distribution, double number, String expected) {
        String text = Values.text(one(distribution, Math.E).at(() -> number));
        if (expected.contains(".")) {
            assertThat(Double.parseDouble(text)).isCloseTo(Double.parseDouble(expected), within(1e-9));
        } else {
            assertThat(text).isEqualTo(expected);
        }
    }

    @Test
    void theBaseOfLogarithmsIsThatOfTheSampling() {
        assertThat(one("[\"loguniform\", [-4, 0]]", 10).at(() -> 0.5).asDouble())
                .isCloseTo(0.01, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "0.1,0.1",
        "1,1.0",
        "1e-5,1e-05",
        "0.0001,0.0001",
        "1.5e20,1.5e+20",
        "1e16,1e+16",
        "123456789012345680,1.2345678901234568e+17",
        "-2.5e-10,-2.5e-10",
        "1e15,1000000000000000.0"
    })
    void numbersAreWrittenAsPythonWritesThem(double value, String text) {
        assertThat(Values.python(value)).isEqualTo(text);
    }

    @Test
    void alternativesHaveMembersOfTheirOwn() {
        SearchSpace space = SearchSpace.of(Json.parse("""
                {"optimizer": ["choice", [[
                   {"name": "sgd", "momentum": ["choice", [[0.0, 0.9]]]},
                   {"name": "adam", "beta": ["choice", [[0.9, 0.99, 0.999]]]}]]],
                 "layers": ["choice", [[1, 2]]]}"""), Math.E);
        space.requireChoices();
        assertThat(space.parameters().size()).isEqualTo(10);
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            all.add(space.parameters().number(i).toString());
        }
        assertThat(all).hasSize(10).contains("{\"optimizer\":{\"name\":\"adam\",\"beta\":0.99},\"layers\":2}");
        assertThat(space.parameters().number(1).toString())
                .isEqualTo("{\"optimizer\":{\"name\":\"sgd\",\"momentum\":0.0},\"layers\":2}");
        assertThat(Values.flat(space.parameters().number(2)))
                .containsEntry("optimizer.name", "sgd")
                .containsEntry("optimizer.momentum", "0.9")
                .containsEntry("layers", "1");
    }

    @Test
    void aValueHasAPlaceInTheUnitCube() {
        Distribution.Group space = SearchSpace.of(Json.parse("""
                        {"lr": ["loguniform", [-4, 0]], "n": ["choice", [[8, 64, 16]]], "k": ["choice", [["a", "b"]]],
                         "o": ["choice", [[{"t": 1, "m": ["uniform", [0, 10]]}, {"t": 2}]]]}"""), 10).parameters();
        List<Double> place = new ArrayList<>();
        space.encode(Json.parse("{\"lr\": 0.001, \"n\": 16, \"k\": \"b\", \"o\": {\"t\": 1, \"m\": 2.5}}"), place);
        assertThat(place).hasSize(7);
        assertThat(place.get(0)).isCloseTo(0.25, within(1e-12));
        assertThat(place.subList(1, 7)).containsExactly(0.5, 0.0, 1.0, 1.0, 0.0, 0.25);
        place.clear();
        space.encode(Json.parse("{\"lr\": 1, \"n\": 8, \"k\": \"a\", \"o\": {\"t\": 2}}"), place);
        assertThat(place.subList(4, 7)).containsExactly(0.0, 1.0, 0.5);
    }
}
