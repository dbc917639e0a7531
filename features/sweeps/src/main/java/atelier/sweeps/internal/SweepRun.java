package atelier.sweeps.internal;

import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.Jobs.Outcome;
import atelier.kernel.Json;
import atelier.sweeps.EarlyTermination;
import atelier.sweeps.EarlyTermination.Curve;
import atelier.sweeps.Sweep;
import atelier.sweeps.Trials;
import atelier.sweeps.Trials.Trial;
import atelier.sweeps.Values;
import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One run of the server at one sweep. What it remembers (who was told, what ended trials logged) only saves asking
/// again.
final class SweepRun {
    /// In case a change was made by another server, which wakes nobody here.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private static final String LOG = "azureml-logs/hyperdrive.txt";
    private final SweepTools tools;
    private final Workspace workspace;
    private final Job job;
    private final JobContext context;
    private final Sweep plan;
    private final Sampler sampler;
    private final SweepOutputs outputs;
    private final Map<String, List<Double>> ended = new HashMap<>();
    private List<Trial> trials = List.of();
    private @Nullable String best;
    private boolean exhausted;

    SweepRun(SweepTools tools, Workspace workspace, Job job, JobContext context) {
        this.tools = tools;
        this.workspace = workspace;
        this.job = job;
        this.context = context;
        this.plan = Sweep.of(job.properties());
        this.sampler = Sampler.of(plan, plan.sampling().seed(job.name()));
        this.outputs = new SweepOutputs(tools, workspace, job, context);
    }

    void begin(boolean resumed) {
        if (resumed) {
            say("CONTROLLER", "The server was started again; the sweep goes on.");
        } else {
            say(
                    "CONTROLLER",
                    "Sampling " + plan.sampling().label() + ", "
                            + plan.objective().goal() + " '"
                            + plan.objective().primaryMetric() + "', at most "
                            + plan.limits().maxTotalTrials()
                            + " trials, " + plan.limits().maxConcurrentTrials() + " at a time.");
        }
        if (!job.properties().path("properties").has("primary_metric_config")) {
            note(SweepKind.facts(plan));
        }
        trials = look();
        // What ended while nobody was here; the log has said so, or the trials say it themselves.
        trials.stream().filter(trial -> trial.job().isFinal()).forEach(this::settle);
        Trial known = Trials.best(trials, plan.objective());
        best = known == null ? null : known.job().name();
    }

    /// Does what is to be done now; true when all is done.
    boolean step() {
        List<Trial> before = trials;
        trials = look();
        trials.stream()
                .filter(trial -> trial.job().isFinal())
                .filter(trial -> before.size() <= trial.number()
                        || !before.get(trial.number()).job().isFinal())
                .forEach(this::tell);
        if (context.cancelRequested()) {
            cancelAll("The sweep was canceled.");
        } else if (timedOut()) {
            cancelAll("The sweep reached its limit of " + plan.limits().timeout() + ".");
        } else {
            stopLate();
            stopEarly();
            startMore();
        }
        return trials.stream().allMatch(trial -> trial.job().isFinal());
    }

    private List<Trial> look() {
        List<Job> children = tools.jobs().children(workspace, job.name());
        List<String> asked = children.stream()
                .filter(child -> !ended.containsKey(child.name()) && (child.isFinal() || plan.policy() != null))
                .map(Job::name)
                .toList();
        Map<String, List<Double>> points = new HashMap<>(
                asked.isEmpty()
                        ? Map.of()
                        : tools.runs()
                                .metricValues(workspace, asked, plan.objective().primaryMetric()));
        children.stream()
                .filter(Job::isFinal)
                .forEach(child -> ended.computeIfAbsent(child.name(), name -> points.getOrDefault(name, List.of())));
        points.putAll(ended);
        return Trials.of(job.name(), children, points);
    }

    /// How long nothing happens unless a trial ends.
    Duration pause() {
        Duration wait = LOOK_AGAIN;
        boolean running = trials.stream().anyMatch(trial -> !trial.job().isFinal());
        if (running && plan.policy() != null) {
            wait = tools.watch();
        }
        wait = sooner(wait, until(job.startedAt(), plan.limits().timeout()));
        Duration each = plan.limits().trialTimeout();
        if (each != null) {
            for (Trial trial : trials) {
                if (!trial.job().isFinal() && trial.job().startedAt() != null) {
                    wait = sooner(wait, until(trial.job().startedAt(), each));
                } else if (!trial.job().isFinal()) {
                    // It has not begun; nobody rings when it does.
                    wait = sooner(wait, each);
                }
            }
        }
        return wait.plusMillis(1);
    }

    private Duration until(@Nullable Instant start, Duration limit) {
        Instant from = start == null ? tools.clock().instant() : start;
        Duration left = Duration.between(tools.clock().instant(), from.plus(limit));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration sooner(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b.isZero() ? Duration.ofMillis(200) : b;
    }

    private boolean timedOut() {
        return until(job.startedAt(), plan.limits().timeout()).isZero();
    }

    private void startMore() {
        long running = trials.stream().filter(trial -> !trial.job().isFinal()).count();
        while (!exhausted
                && !context.cancelRequested()
                && running < plan.limits().maxConcurrentTrials()
                && trials.size() < plan.limits().maxTotalTrials()) {
            int number = trials.size();
            ObjectNode parameters = sampler.next(
                    number,
                    trials.stream()
                            .map(trial -> TrialJobs.tried(trial, plan.objective()))
                            .toList());
            if (parameters == null) {
                exhausted = true;
                say("GENERATOR", "All " + number + " combinations of the search space are tried.");
                return;
            }
            String name = Trials.name(job.name(), number);
            say("SCHEDULER", "Trial " + name + " starts with " + parameters + ".");
            Job child = tools.jobs()
                    .submit(
                            workspace,
                            name,
                            TrialJobs.body(plan, job.experimentName(), job.properties(), name, parameters),
                            job.name(),
                            context.caller());
            trials = new ArrayList<>(trials);
            trials.add(new Trial(number, child, parameters, List.of()));
            running++;
        }
    }

    private void stopEarly() {
        EarlyTermination policy = plan.policy();
        if (policy != null) {
            Map<String, String> stops = policy.stops(
                    plan.objective(),
                    trials.stream()
                            .map(trial -> new Curve(
                                    trial.job().name(),
                                    trial.points(),
                                    !trial.job().isFinal()))
                            .toList());
            trials.stream()
                    .filter(trial -> stops.containsKey(trial.job().name()))
                    .forEach(trial -> stop(trial, stops.getOrDefault(trial.job().name(), "")));
        }
    }

    private void stopLate() {
        Duration limit = plan.limits().trialTimeout();
        if (limit != null) {
            trials.stream()
                    .filter(trial -> trial.job().startedAt() != null
                            && until(trial.job().startedAt(), limit).isZero())
                    .forEach(trial -> stop(trial, "Stopped at the limit of " + limit + " for a trial."));
        }
    }

    private void stop(Trial trial, String reason) {
        if (trial.job().isFinal() || trial.job().status().equals("CancelRequested")) {
            return;
        }
        say("CONTROLLER", "Trial " + trial.job().name() + ": " + reason);
        ObjectNode change = Json.object();
        change.putObject("properties").put("atelier.reason", reason);
        tools.jobs().change(workspace, trial.job().name(), change, context.caller());
        tools.jobs().cancel(workspace, trial.job().name(), context.caller());
    }

    private void cancelAll(String reason) {
        exhausted = true;
        trials.forEach(trial -> stop(trial, reason));
    }

    /// A trial has ended.
    private void tell(Trial trial) {
        settle(trial);
        double value = plan.objective().best(trial.points());
        Trial leader = Trials.best(trials, plan.objective());
        boolean leads = leader != null && leader.number() == trial.number();
        String message = trial.job().errorMessage();
        say(
                "CONTROLLER",
                "Trial " + trial.job().name() + ": " + trial.job().status()
                        + (Double.isNaN(value)
                                ? ", it logged no '" + plan.objective().primaryMetric() + "'"
                                : ", best " + plan.objective().primaryMetric() + " " + Values.text(Json.tree(value)))
                        + (leads ? ", the best so far" : "")
                        + (message == null
                                ? "."
                                : ". " + message.lines().findFirst().orElse("")));
        if (leader != null && !leader.job().name().equals(best)) {
            best = leader.job().name();
            note(outputs.best(leader, plan.objective()));
        }
    }

    /// Its hyperparameters become parameters of its run, except those that its script has logged itself: earlier, the
    /// script could not log them in its own spelling any more.
    private void settle(Trial trial) {
        tools.runs().addParams(workspace, trial.job().name(), Values.flat(trial.parameters()));
    }

    private void note(ObjectNode facts) {
        context.update(properties -> {
            ObjectNode kept = properties.get("properties") instanceof ObjectNode object
                    ? object
                    : properties.putObject("properties");
            kept.setAll(facts);
            return properties;
        });
    }

    private void say(String who, String line) {
        context.log(LOG, "[" + who + "] " + line);
    }

    Outcome end() {
        Trial winner = Trials.best(trials, plan.objective());
        if (winner != null) {
            note(outputs.best(winner, plan.objective()));
        }
        if (context.cancelRequested() || timedOut()) {
            say(
                    "CONTROLLER",
                    "The sweep is canceled; " + count("Completed") + " of " + trials.size()
                            + " trials were completed.");
            return new Outcome.Canceled();
        }
        if (count("Completed") == 0) {
            return failed();
        }
        if (winner == null || !winner.job().status().equals("Completed")) {
            return withoutMetric();
        }
        context.state("Finalizing");
        outputs.keep(winner);
        say(
                "CONTROLLER",
                "The sweep is completed: " + trials.size() + " trials, the best is "
                        + winner.job().name() + " with "
                        + plan.objective().primaryMetric() + " "
                        + Values.text(Json.tree(plan.objective().best(winner.points()))) + ".");
        return new Outcome.Completed();
    }

    private long count(String status) {
        return trials.stream()
                .filter(trial -> trial.job().status().equals(status))
                .count();
    }

    private Outcome failed() {
        String first = trials.stream()
                .filter(trial -> trial.job().errorMessage() != null)
                .findFirst()
                .map(trial -> " " + trial.job().name() + ": " + trial.job().errorMessage())
                .orElse("");
        long canceled = count("Canceled");
        String message = canceled == 0
                ? (trials.size() == 1 ? "The only trial failed." : "All " + trials.size() + " trials failed.")
                : "None of the " + trials.size() + " trials was completed: " + (trials.size() - canceled) + " failed, "
                        + canceled + " were stopped.";
        say("CONTROLLER", message);
        return new Outcome.Failed("NoTrialCompleted", message + first);
    }

    private Outcome withoutMetric() {
        List<String> logged = trials.stream()
                .filter(trial -> trial.job().status().equals("Completed"))
                .flatMap(trial ->
                        tools.runs().latestMetrics(workspace, trial.job().name()).keySet().stream())
                .distinct()
                .sorted()
                .toList();
        String message = "No completed trial logged the primary metric '"
                + plan.objective().primaryMetric()
                + "', so there is no best one. "
                + (logged.isEmpty() ? "They logged no metrics." : "They logged: " + String.join(", ", logged) + ".");
        say("CONTROLLER", message);
        note(Json.object().put("best_metric_status", "Failed"));
        return job.properties().path("outputs").isEmpty()
                ? new Outcome.Completed()
                : new Outcome.Failed("PrimaryMetricMissing", message);
    }
}
