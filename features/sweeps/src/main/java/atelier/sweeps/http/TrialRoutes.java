package atelier.sweeps.http;

import atelier.experiments.Runs;
import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.sweeps.Sweep;
import atelier.sweeps.Trials;
import atelier.sweeps.Trials.Trial;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/atelier/jobs/{name}/trials`: the trials of a sweep job with hyperparameters, metric and state, live.
public final class TrialRoutes {
    private final Jobs jobs;
    private final Runs runs;
    private final Workspaces workspaces;

    public TrialRoutes(Jobs jobs, Runs runs, Workspaces workspaces) {
        this.jobs = jobs;
        this.runs = runs;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE).get(Arm.WORKSPACE + "/atelier/jobs/{name}/trials", this::trials);
    }

    private Response trials(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Job job = jobs.get(workspace, exchange.path("name"));
        if (!job.type().equals("Sweep")) {
            throw new Problem.Invalid(
                    "NotASweep",
                    "Job '" + job.name() + "' is a " + job.type() + " job; only sweep jobs have trials.",
                    "name");
        }
        Sweep plan = Sweep.of(job.properties());
        List<Trial> trials = Trials.of(jobs, runs, workspace, job, plan.objective());
        Trial best = Trials.best(trials, plan.objective());
        ArrayNode value = Json.array();
        trials.forEach(trial -> value.add(trial(trial, plan, trial.equals(best))));
        ObjectNode answer = Json.object();
        answer.putObject("objective")
                .put("goal", plan.objective().goal())
                .put("primaryMetric", plan.objective().primaryMetric());
        answer.put("maxTotalTrials", plan.limits().maxTotalTrials());
        long size = plan.space().parameters().size();
        answer.put("spaceSize", size == Long.MAX_VALUE ? null : (Long) size);
        answer.put("best", best == null ? null : best.job().name());
        answer.set("value", value);
        return Response.ok(answer);
    }

    private static ObjectNode trial(Trial trial, Sweep plan, boolean best) {
        Job job = trial.job();
        double value = plan.objective().best(trial.points());
        ObjectNode answer = Json.object()
                .put("name", job.name())
                .put("number", trial.number())
                .put("displayName", job.displayName())
                .put("status", job.status())
                .put("best", best);
        answer.set("parameters", trial.parameters());
        answer.put("metric", Double.isNaN(value) ? null : (Double) value);
        answer.put("points", trial.points().size());
        answer.put("reason", reason(job));
        answer.put("startedAt", job.startedAt() == null ? null : Arm.time(job.startedAt()));
        answer.put("finishedAt", job.endedAt() == null ? null : Arm.time(job.endedAt()));
        return answer;
    }

    private static @Nullable String reason(Job job) {
        if (job.errorMessage() != null) {
            return job.errorMessage();
        }
        String reason =
                job.properties().path("properties").path("atelier.reason").asString("");
        return reason.isEmpty() ? null : reason;
    }
}
