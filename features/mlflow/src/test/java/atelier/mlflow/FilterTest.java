package atelier.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.mlflow.Filter.Comparator;
import atelier.mlflow.Filter.Comparison;
import atelier.mlflow.Filter.Name;
import atelier.mlflow.Filter.Value;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.mlflow.Vocabulary.Entity;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final Vocabulary RUNS = new Vocabulary(
            EnumSet.allOf(Entity.class),
            Map.of(
                    "run_id", Attribute.id("r.run_id"),
                    "status", Attribute.text("r.status"),
                    "start_time", Attribute.number("r.start_time")),
            Map.of());

    @Test
    void comparisonsAreJoinedByAndInAnyCase() {
        List<Comparison> parsed = Filter.parse("metrics.acc > 0.5 and params.lr='0.1' AND\n tags.\"a b\" ILIKE \"%x\"");
        assertThat(parsed)
                .containsExactly(
                        new Comparison(new Name("metrics", "acc"), Comparator.GT, new Value.Number(0.5, "0.5"), 1),
                        new Comparison(new Name("params", "lr"), Comparator.EQ, new Value.Text("0.1"), 23),
                        new Comparison(new Name("tags", "a b"), Comparator.ILIKE, new Value.Text("%x"), 44));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "tags.mlflow.runName = 'a' | tags | mlflow.runName",
                "tags.`mlflow.runName` = 'a' | tags | mlflow.runName",
                "`metrics`.`a.b c` = 1 | metrics | a.b c",
                "metrics.a/b:c-d = 1 | metrics | a/b:c-d",
                "PARAMS.größe = 'x' | params | größe",
                "`Run name` = 'x' | | Run name"
            })
    void namesMayBeQuotedAndHoldDots(String filter, String entity, String key) {
        assertThat(Filter.parse(filter).getFirst().name()).isEqualTo(new Name(entity, key));
    }

    @ParameterizedTest
    @CsvSource({"1e-1,0.1", "-0.5,-0.5", ".5,0.5", "+3,3", "1E5,100000"})
    void numbersHaveEveryUsualForm(String written, double value) {
        assertThat(Filter.parse("metrics.m = " + written).getFirst().value())
                .isEqualTo(new Value.Number(value, written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   "})
    void anEmptyFilterAsksForNothing(String filter) {
        assertThat(Filter.parse(filter)).isEmpty();
    }

    @Test
    void aTrailingAndIsTolerated() {
        assertThat(Filter.parse("metrics.acc > 0.5 AND ")).hasSize(1);
    }

    @Test
    void aDoubledQuoteIsOne() {
        assertThat(Filter.parse("params.a = 'it''s'").getFirst().value()).isEqualTo(new Value.Text("it's"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "metrics.acc | Invalid clause(s) in filter string: 'metrics.acc' (at character 1)",
                "metrics.acc > 0.5 OR metrics.b = 1 | Invalid clause(s) in filter string: 'OR' (at character 19)",
                "(metrics.acc > 0.5) | Invalid clause(s) in filter string: '(metrics.acc > 0.5)' (at character 1)",
                "metrics.acc BETWEEN 0 AND 1 | Invalid clause(s) in filter string: 'metrics.acc BETWEEN' (at character 1)",
                "NOT metrics.acc > 1 | Invalid clause(s) in filter string: 'NOT' (at character 1)",
                "tags.env IS FOO | Invalid clause(s) in filter string: 'tags.env IS FOO' (at character 1)",
                "metrics.acc IS NULL | IS NULL and IS NOT NULL go with tags and parameters only, not with metric 'acc' (at character 1)",
                "metrics.acc > | Invalid clause(s) in filter string: 'metrics.acc >' (at character 1)",
                "params.a = 'open | Invalid clause(s) in filter string: ''open' (at character 12)",
                "metrics.acc == 0.9 | Invalid comparator '==' not one of",
                "metrics.acc <> 0.9 | Invalid comparator '<>' not one of",
                "'a' = tags.env | Invalid comparison clause. Expected 'Identifier' found ''a'' (at character 1)",
                "run_id IN () | While parsing a list in the query, expected a non-empty list of string values, but got empty list",
                "run_id IN (1, 2) | While parsing a list in the query, expected string value",
                "metrics.acc > 0.5; DROP TABLE runs | Search filter contained multiple expression",
                "foo.bar = 'x' | Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
                "bogus = 'x' | Invalid attribute key 'bogus' specified. Valid keys are '{'run_id', 'start_time', 'status'}'",
                "dataset.foo = 'a' | Invalid dataset key 'foo' specified. Valid keys are '{'context', 'digest', 'name'}'",
                "metrics.acc > 'a' | Expected numeric value type for metric. Found 'a'",
                "start_time >= '150' | Expected numeric value type for numeric attribute: start_time. Found '150'",
                "params.lr = 0.1 | Expected a quoted string value for parameter (e.g. 'my-value'). Got value 0.1",
                "params.lr > '0.1' | Invalid comparator '>' not one of '{'ILIKE', '=', '!=', 'LIKE'}'",
                "params.lr IN ('0.1') | Expected a quoted string value for parameter (e.g. 'my-value'). Got value ('0.1')",
                "tags.env = prod | Parameter value is either not quoted or unidentified quote types used for string value prod.",
                "status IN ('a','b') | Only the 'run_id' attribute supports comparison with a list of quoted string values."
            })
    void whatIsWrongIsSaidWithItsPlace(String filter, String complaint) {
        assertThatThrownBy(() -> RUNS.terms(Filter.parse(filter))).hasMessageStartingWith(complaint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics.acc FOO", "Run Name DESC", " ", "metrics.acc DESC extra"})
    void ordersThatCannotBeReadAreRefused(String clause) {
        assertThatThrownBy(() -> OrderBy.parse(List.of(clause))).hasMessageContaining("order_by clause");
    }

    @Test
    void keysFollowMlflowsRules() {
        assertThat(Keys.normal("a//b/./c/../d")).isEqualTo("a/b/d");
        assertThat(Keys.check("a/b c.d-e:f_g", "key", "key")).isEqualTo("a/b c.d-e:f_g");
        for (String bad : List.of("a$b", "../a", "/a", "a//b", ".", "a/")) {
            assertThatThrownBy(() -> Keys.check(bad, "key", "key")).as(bad).hasMessageStartingWith("Invalid value");
        }
    }

    @Test
    void pageTokensAreMlflows() {
        assertThat(PageToken.of(2)).isEqualTo("eyJvZmZzZXQiOiAyfQ==");
        assertThat(PageToken.offset("eyJvZmZzZXQiOiAyfQ==")).isEqualTo(2);
        assertThatThrownBy(() -> PageToken.offset("eyJvZmZzZXQiOiAwfQ=="))
                .hasMessage("Invalid page token, parsed value={'offset': 0}");
    }
}
