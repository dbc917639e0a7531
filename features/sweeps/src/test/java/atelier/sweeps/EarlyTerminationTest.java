package atelier.sweeps;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.sweeps.EarlyTermination.Bandit;
import atelier.sweeps.EarlyTermination.Curve;
import atelier.sweeps.EarlyTermination.MedianStopping;
import atelier.sweeps.EarlyTermination.TruncationSelection;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The rules of Azure ML's documentation, with its numbers where it has some.
class EarlyTerminationTest {
    private static final Objective MAX = new Objective("auc", true);
    private static final Objective MIN = new Objective("loss", false);

    private static Curve running(String name, double... points) {
        return new Curve(name, Arrays.stream(points).boxed().toList(), true);
    }

    private static Curve ended(String name, double... points) {
        return new Curve(name, Arrays.stream(points).boxed().toList(), false);
    }

    @Test
    void aBanditStopsWhatIsBelowTheBestByItsFactor() {
        // 0.8 / (1 + 0.2) = 0.6667
        assertThat(new Bandit(0.2, 0, 1, 0)
                        .stops(MAX, List.of(running("best", 0.8), running("in", 0.67), running("out", 0.66))))
                .containsOnlyKeys("out");
    }

    @Test
    void aBanditThatMinimizesStopsWhatIsAbove() {
        // 0.5 * (1 + 0.2) = 0.6
        assertThat(new Bandit(0.2, 0, 1, 0)
                        .stops(MIN, List.of(running("best", 0.5), running("in", 0.6), running("out", 0.61))))
                .containsOnlyKeys("out");
    }

    @Test
    void aBanditsAmountIsSubtracted() {
        assertThat(new Bandit(0, 0.2, 1, 0)
                        .stops(MAX, List.of(running("best", 0.8), running("in", 0.61), running("out", 0.59))))
                .containsOnlyKeys("out");
    }

    @Test
    void aBanditNeverStopsTheBestOfNegativeValues() {
        // -2 * 1.5 = -3
        assertThat(new Bandit(0.5, 0, 1, 0)
                        .stops(MAX, List.of(running("best", -2), running("in", -2.9), running("out", -3.1))))
                .containsOnlyKeys("out");
    }

    @Test
    void aBanditLooksAtTheBestSoFarAndOnlyAtThoseThatCameAsFar() {
        assertThat(new Bandit(0.1, 0, 2, 0)
                        .stops(
                                MAX,
                                List.of(ended("ended", 0.9, 0.5), running("had", 0.89, 0.1), running("early", 0.1))))
                .isEmpty();
    }

    @Test
    void nothingIsStoppedBeforeTheDelayNorBetweenIntervals() {
        Bandit policy = new Bandit(0.1, 0, 5, 10);
        double[] bad = IntStream.range(0, 9).mapToDouble(_ -> 0.1).toArray();
        double[] good = IntStream.range(0, 20).mapToDouble(_ -> 0.9).toArray();
        assertThat(policy.stops(MAX, List.of(running("good", good), running("bad", bad))))
                .isEmpty();
        double[] ten = IntStream.range(0, 12).mapToDouble(_ -> 0.1).toArray();
        assertThat(policy.stops(MAX, List.of(running("good", good), running("bad", ten)))
                        .get("bad"))
                .startsWith("Stopped early at interval 10");
    }

    @Test
    void theMedianIsThatOfRunningAverages() {
        // Averages over 1..2: 0.6, 0.5, 0.2; the median is 0.5; the best of 'low' is 0.3, of 'late' 0.55.
        assertThat(new MedianStopping(1, 0)
                        .stops(
                                MAX,
                                List.of(ended("a", 0.5, 0.7), running("late", 0.45, 0.55), running("low", 0.3, 0.1))))
                .containsOnlyKeys("low");
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetween() {
        // Averages 1 and 3, median 2.
        assertThat(new MedianStopping(1, 0).stops(MIN, List.of(running("a", 1), running("b", 3))))
                .containsOnlyKeys("b");
    }

    @Test
    void truncationStopsTheLowestShare() {
        List<Curve> five =
                List.of(running("a", 0.5), running("b", 0.1), running("c", 0.7), ended("d", 0.05), running("e", 0.9));
        assertThat(new TruncationSelection(40, 1, 0, false).stops(MAX, five)).containsOnlyKeys("b");
        assertThat(new TruncationSelection(40, 1, 0, true).stops(MAX, five)).containsOnlyKeys("b");
        assertThat(new TruncationSelection(50, 1, 0, true).stops(MAX, five)).containsOnlyKeys("b", "a");
        assertThat(new TruncationSelection(10, 1, 0, false).stops(MAX, five)).isEmpty();
    }

    @Test
    void ofEqualTrialsTheLaterOneIsTruncated() {
        assertThat(new TruncationSelection(50, 1, 0, false).stops(MAX, List.of(running("a", 1), running("b", 1))))
                .containsOnlyKeys("b");
    }

    @Test
    void whatIsNoNumberIsWorst() {
        assertThat(new Bandit(0.5, 0, 1, 0).stops(MAX, List.of(running("a", 0.5), running("b", Double.NaN))))
                .containsOnlyKeys("b");
    }
}
