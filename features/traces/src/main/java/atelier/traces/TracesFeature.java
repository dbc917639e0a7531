package atelier.traces;

import atelier.experiments.ExperimentsFeature;
import atelier.kernel.Ids;
import atelier.mlflow.MlflowRoutes;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.traces.http.EvaluationRoutes;
import atelier.traces.http.IssueRoutes;
import atelier.traces.http.LegacyTraceRoutes;
import atelier.traces.http.MetricsRoutes;
import atelier.traces.http.OtlpRoutes;
import atelier.traces.http.ScorerRoutes;
import atelier.traces.http.TraceRoutes;
import atelier.traces.internal.MetricRows;
import atelier.traces.internal.SqlAssessments;
import atelier.traces.internal.SqlDatasets;
import atelier.traces.internal.SqlIssues;
import atelier.traces.internal.SqlScorers;
import atelier.traces.internal.SqlSpans;
import atelier.traces.internal.SqlTraces;
import atelier.traces.internal.TraceSearch;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// Wires traces and evaluation: the verbs and the routes over them.
public final class TracesFeature {
    public static final Migrations MIGRATIONS = new Migrations("traces");
    private final Traces traces;
    private final Spans spans;
    private final Assessments assessments;
    private final EvaluationDatasets datasets;
    private final Scorers scorers;
    private final Routes routes;

    private TracesFeature(
            Database database,
            Blobs blobs,
            ExperimentsFeature experiments,
            Workspaces workspaces,
            InstantSource clock,
            Ids ids) {
        SqlAssessments sqlAssessments = new SqlAssessments(database);
        SqlTraces sqlTraces = new SqlTraces(database, sqlAssessments);
        TraceFiles files = new TraceFiles(blobs);
        this.traces = new Traces(
                database,
                new Traces.Of(
                        experiments.experiments(),
                        experiments.tracking(),
                        sqlTraces,
                        sqlAssessments,
                        new TraceSearch(database)),
                files,
                ids);
        this.spans = new Spans(database, traces, sqlTraces, new SqlSpans(database), files);
        this.assessments = new Assessments(database, sqlTraces, sqlAssessments, clock, ids);
        this.datasets =
                new EvaluationDatasets(database, experiments.experiments(), new SqlDatasets(database), clock, ids);
        this.scorers = new Scorers(database, experiments.experiments(), new SqlScorers(database), clock, ids);
        MlflowRoutes mount = new MlflowRoutes(workspaces);
        new TraceRoutes(traces, spans, assessments, clock).mount(mount);
        new LegacyTraceRoutes(traces, spans).mount(mount);
        new OtlpRoutes(spans, traces).mount(mount);
        new MetricsRoutes(new TraceMetrics(database, new MetricRows(database))).mount(mount);
        new EvaluationRoutes(datasets).mount(mount);
        new ScorerRoutes(scorers).mount(mount);
        new IssueRoutes(new Issues(database, experiments.experiments(), new SqlIssues(database), clock, ids))
                .mount(mount);
        this.routes = mount.routes();
    }

    public static TracesFeature create(
            Database database,
            Blobs blobs,
            ExperimentsFeature experiments,
            Workspaces workspaces,
            InstantSource clock,
            Ids ids) {
        return new TracesFeature(database, blobs, experiments, workspaces, clock, ids);
    }

    public Traces traces() {
        return traces;
    }

    public Spans spans() {
        return spans;
    }

    public Assessments assessments() {
        return assessments;
    }

    public EvaluationDatasets datasets() {
        return datasets;
    }

    public Scorers scorers() {
        return scorers;
    }

    public List<Routes> routes() {
        return List.of(routes);
    }
}
