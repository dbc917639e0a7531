package atelier.sweeps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What a sweep may say, and what is said of what it may not.
class SweepCheckTest {
    private static ObjectNode sweep() {
        return (ObjectNode) Json.parse("""
                {"trial": {"command": "python t.py --lr ${{search_space.lr}}", "environmentId": "e"},
                 "searchSpace": {"lr": ["uniform", [0.1, 1]]},
                 "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
                 "objective": {"goal": "Maximize", "primaryMetric": "accuracy"}}""");
    }

    @Test
    void limitsHaveTheDefaultsOfAzure() {
        Limits limits = Sweep.of(sweep()).limits();
        assertThat(limits).isEqualTo(new Limits(1000, 1000, Duration.ofDays(60), null));
    }

    @Test
    void atMostAllTrialsRunAtATime() {
        ObjectNode sweep = sweep();
        sweep.set("limits", Json.parse("{\"maxTotalTrials\": 5, \"maxConcurrentTrials\": 10, \"timeout\": \"PT2H\"}"));
        assertThat(Sweep.of(sweep).limits()).isEqualTo(new Limits(5, 5, Duration.ofHours(2), null));
    }

    @Test
    void theSpellingOfPipelineStepsIsReadToo() {
        ObjectNode step = (ObjectNode) Json.parse("""
                {"trial": {"command": "x"}, "sampling_algorithm": "random",
                 "search_space": {"lr": {"type": "uniform", "min_value": 0.1, "max_value": 1}},
                 "objective": {"goal": "minimize", "primary_metric": "loss"},
                 "limits": {"max_total_trials": 5, "trial_timeout": 60},
                 "early_termination": {"policy_type": "median_stopping", "delay_evaluation": 2}}""");
        Sweep sweep = Sweep.of(step);
        assertThat(sweep.objective()).isEqualTo(new Objective("loss", false));
        assertThat(sweep.limits().trialTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(sweep.policy()).isEqualTo(new EarlyTermination.MedianStopping(1, 2));
    }

    @Test
    void anIntervalOfZeroMeansEveryOne() {
        ObjectNode sweep = sweep();
        sweep.set("earlyTermination", Json.parse("""
                {"policyType": "Bandit", "evaluationInterval": 0, "delayEvaluation": 5, "slackFactor": 0, "slackAmount": 0.1}"""));
        assertThat(Sweep.of(sweep).policy()).isEqualTo(new EarlyTermination.Bandit(0, 0.1, 1, 5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/searchSpace|{}|searchSpace|at least one hyperparameter",
                "/searchSpace|{\"lr\": [\"unifrom\", [1, 2]]}|searchSpace.lr|Did you mean 'uniform'?",
                "/searchSpace|{\"lr\": [\"uniform\", [1]]}|searchSpace.lr|[min_value, max_value]",
                "/searchSpace|{\"lr\": [\"uniform\", [2, 1]]}|searchSpace.lr.min_value|greater than 'max_value'",
                "/searchSpace|{\"lr\": [\"uniform\", [\"a\", 1]]}|searchSpace.lr.min_value|must be a number",
                "/searchSpace|{\"lr\": [\"quniform\", [1, 2, 0]]}|searchSpace.lr.q|greater than 0",
                "/searchSpace|{\"lr\": [\"normal\", [1, 0]]}|searchSpace.lr.sigma|greater than 0",
                "/searchSpace|{\"lr\": [\"choice\", [[]]]}|searchSpace.lr.values|at least one value",
                "/searchSpace|{\"lr\": [\"choice\", [[null]]]}|searchSpace.lr.values[0]|a text, a number",
                "/searchSpace|{\"lr\": [\"randint\", [0]]}|searchSpace.lr.upper|at least 1",
                "/searchSpace|{\"l r\": [\"randint\", [5]]}|searchSpace.l r|not allowed as the name",
                "/searchSpace|{\"lr\": {\"type\": \"uniform\", \"min_valu\": 1}}|searchSpace.lr.min_valu|'min_value'",
                "/searchSpace|{\"rl\": [\"randint\", [5]]}|trial.command|Did you mean 'rl'?",
                "/samplingAlgorithm|\"grid\"|searchSpace.lr|Grid sampling tries every value",
                "/samplingAlgorithm|\"bayes\"|samplingAlgorithm|grid, random, bayesian",
                "/samplingAlgorithm|{\"type\": \"random\", \"rule\": \"sobel\"}|samplingAlgorithm.rule|Did you mean 'sobol'?",
                "/samplingAlgorithm|{\"type\": \"random\", \"seed\": 1.5}|samplingAlgorithm.seed|whole number",
                "/samplingAlgorithm|{\"type\": \"random\", \"logbase\": 1}|samplingAlgorithm.logbase|other than 1",
                "/objective|{\"goal\": \"max\", \"primaryMetric\": \"a\"}|objective.goal|minimize, maximize",
                "/objective|{\"goal\": \"maximize\"}|objective.primaryMetric|name of the metric",
                "/limits|{\"maxTotalTrials\": 0}|limits.maxTotalTrials|from 1 to 1000",
                "/limits|{\"maxTotalTrials\": 1001}|limits.maxTotalTrials|from 1 to 1000",
                "/limits|{\"maxConcurrentTrials\": \"x\"}|limits.maxConcurrentTrials|must be a number",
                "/limits|{\"timeout\": \"2h\"}|limits.timeout|PT1H",
                "/earlyTermination|{\"policyType\": \"Bandits\"}|earlyTermination.policyType|bandit, median_stopping",
                "/earlyTermination|{\"policyType\": \"Bandit\", \"slackFactor\": -1}|earlyTermination.slackFactor|negative",
                "/earlyTermination|{\"policyType\": \"Bandit\", \"slackFactor\": 1, \"slackAmount\": 1}"
                        + "|earlyTermination.slackAmount|not both",
                "/earlyTermination|{\"policyType\": \"TruncationSelection\"}|earlyTermination.truncationPercentage|1 to 99",
                "/trial|{\"command\": \" \"}|trial.command|needs a 'trial'",
            })
    void whatIsWrongIsNamed(String field, String value, String target, String sentence) {
        ObjectNode sweep = sweep();
        sweep.set(field.substring(1), Json.parse(value));
        assertThatThrownBy(() -> Sweep.of(sweep)).isInstanceOfSatisfying(Problem.Invalid.class, problem -> {
            assertThat(problem.target()).isEqualTo(target);
            assertThat(problem.message()).contains(sentence);
        });
    }
}
