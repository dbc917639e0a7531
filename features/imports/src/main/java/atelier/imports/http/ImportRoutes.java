package atelier.imports.http;

import atelier.experiments.DatasetInput;
import atelier.experiments.LoggedModel;
import atelier.experiments.Metric;
import atelier.experiments.ModelLink;
import atelier.experiments.RunStatus;
import atelier.experiments.TakenIn;
import atelier.imports.Imports;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.Keys;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST {ws}/atelier/mlflow/import/{experiments,known,points,runs,logged-models,files}`: the shapes are in the README.
public final class ImportRoutes {
    static final String BASE = Arm.WORKSPACE + "/atelier/mlflow/import/";
    private static final List<String> KINDS = List.of(Imports.RUN, Imports.MODEL);
    private static final List<String> LIFE = List.of("active", "deleted");
    /// Files elsewhere are read by clients themselves; an address of this server's own disk means nothing to them.
    private static final Pattern ELSEWHERE =
            Pattern.compile("(?i)(s3a?|gs|wasbs?|abfss?|dbfs|hdfs|viewfs|ftp|sftp|r2|https?)://.+|dbfs:/.+");

    private static final Pattern MODEL_ID = Pattern.compile("m-[0-9a-zA-Z]{1,64}");
    private final Imports imports;
    private final Workspaces workspaces;

    public ImportRoutes(Imports imports, Workspaces workspaces) {
        this.imports = imports;
        this.workspaces = workspaces;
    }

    public void mount(Routes routes) {
        routes.post(BASE + "experiments", this::experiments)
                .post(BASE + "known", this::known)
                .post(BASE + "points", this::points)
                .post(BASE + "runs", this::runs)
                .post(BASE + "logged-models", this::models)
                .post(BASE + "files", this::files);
    }

    /// The workspace, for its owner: what an import writes (ids, times, authors) a job must not be able to forge.
    static Workspace owned(Exchange exchange, Workspaces workspaces) {
        if (exchange.caller().kind() == Caller.Kind.JOB) {
            throw new Problem.Forbidden("AuthorizationFailed", "A job may not import; the owner of the workspace may.");
        }
        return workspaces.of(exchange);
    }

    private Response experiments(Exchange exchange) throws IOException {
        Workspace workspace = owned(exchange, workspaces);
        ArrayNode answer = Json.array();
        List<TakenIn.OldExperiment> all = new ArrayList<>();
        for (Given each : new Given(exchange.jsonObject(), "").list("experiments")) {
            all.add(new TakenIn.OldExperiment(
                    Keys.length(each.name("name"), "name", 500),
                    each.oneOf("lifecycle", LIFE),
                    each.whole("createdAt"),
                    each.whole("updatedAt"),
                    each.entries("tags")));
        }
        for (TakenIn.OldExperiment old : all) {
            TakenIn.Made made = imports.experiment(workspace, old);
            answer.addObject()
                    .put("name", old.name())
                    .put("id", Long.toString(made.experiment().id()))
                    .put("made", made.made());
        }
        return Response.ok(Json.object().set("experiments", answer));
    }

    private Response known(Exchange exchange) throws IOException {
        Workspace workspace = owned(exchange, workspaces);
        List<Imports.Asked> asked = new ArrayList<>();
        for (Given each : new Given(exchange.jsonObject(), "").list("asked")) {
            asked.add(new Imports.Asked(each.oneOf("kind", KINDS), each.name("id"), each.name("fingerprint")));
        }
        return states(imports.states(workspace, asked));
    }

    private static Response states(List<Imports.State> states) {
        ArrayNode answer = Json.array();
        states.forEach(state -> answer.add(state.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        return Response.ok(Json.object().set("states", answer));
    }

    private Response points(Exchange exchange) throws IOException {
        Workspace workspace = owned(exchange, workspaces);
        Given body = new Given(exchange.jsonObject(), "");
        long all = imports.points(
                workspace,
                Keys.runId(body.name("runId")),
                body.name("fingerprint"),
                body.whole("from"),
                body.points("metrics"));
        return Response.ok(Json.object().put("points", all));
    }

    private Response runs(Exchange exchange) throws IOException {
        Workspace workspace = owned(exchange, workspaces);
        List<Imports.NewRun> runs = new ArrayList<>();
        List<Long> before = new ArrayList<>();
        for (Given each : new Given(exchange.jsonObject(), "").list("runs")) {
            runs.add(new Imports.NewRun(run(each), each.name("fingerprint"), each.points("metrics")));
            before.add(each.wholeOr("pointsBefore", 0));
        }
        return states(imports.runs(workspace, runs, before));
    }

    private static TakenIn.OldRun run(Given g) {
        RunStatus status = RunStatus.BY_NAME.get(g.text("status"));
        if (status == null) {
            throw g.wrong("status", "is '" + g.text("status") + "', no status of a run");
        }
        List<DatasetInput> datasets = new ArrayList<>();
        for (Given d : g.list("datasets")) {
            datasets.add(new DatasetInput(
                    d.text("name"),
                    d.text("digest"),
                    d.text("sourceType"),
                    d.text("source"),
                    d.textOrNull("schema"),
                    d.textOrNull("profile"),
                    d.entries("tags")));
        }
        return new TakenIn.OldRun(
                g.name("experimentId"),
                Keys.runId(g.name("runId")),
                g.textOr("name", ""),
                g.textOr("userId", ""),
                status,
                g.whole("startTime"),
                g.wholeOrNull("endTime"),
                g.oneOf("lifecycle", LIFE),
                g.wholeOrNull("deletedAt"),
                elsewhere(g),
                g.entries("params"),
                g.entries("tags"),
                datasets,
                links(g, "used"),
                links(g, "made"));
    }

    private static @Nullable String elsewhere(Given g) {
        String uri = g.textOrNull("artifactUri");
        if (uri != null && !ELSEWHERE.matcher(uri).matches()) {
            throw g.wrong("artifactUri", "is '" + uri + "', which clients of this server cannot read");
        }
        return uri;
    }

    private static List<ModelLink> links(Given g, String field) {
        return g.list(field).stream()
                .map(link -> new ModelLink(link.name("id"), link.wholeOr("step", 0)))
                .toList();
    }

    private Response models(Exchange exchange) throws IOException {
        Workspace workspace = owned(exchange, workspaces);
        List<Imports.NewModel> models = new ArrayList<>();
        for (Given g : new Given(exchange.jsonObject(), "").list("models")) {
            models.add(new Imports.NewModel(
                    model(g), g.oneOf("lifecycle", LIFE).equals("deleted"), g.name("fingerprint")));
        }
        return states(imports.models(workspace, models));
    }

    private static LoggedModel model(Given g) {
        LoggedModel.Status status = LoggedModel.Status.BY_NAME.get(g.text("status"));
        String id = g.name("modelId");
        if (status == null) {
            throw g.wrong("status", "is '" + g.text("status") + "', no status of a logged model");
        }
        if (!MODEL_ID.matcher(id).matches()) {
            throw g.wrong("modelId", "is '" + id + "', no id of a logged model");
        }
        String experiment = g.name("experimentId");
        if (!experiment.matches("\\d{1,18}")) {
            throw g.wrong("experimentId", "is '" + experiment + "', no whole number");
        }
        String uri = elsewhere(g);
        List<LoggedModel.Measure> measures = new ArrayList<>();
        for (Given m : g.list("metrics")) {
            measures.add(new LoggedModel.Measure(
                    new Metric(m.name("key"), m.value("value"), m.whole("time"), m.whole("step")),
                    m.textOr("runId", ""),
                    m.textOr("datasetName", ""),
                    m.textOr("datasetDigest", "")));
        }
        return new LoggedModel(
                id,
                Long.parseLong(experiment),
                g.textOr("name", ""),
                uri == null ? "" : uri,
                status,
                g.textOr("modelType", ""),
                g.textOr("sourceRunId", ""),
                g.whole("createdAt"),
                g.whole("updatedAt"),
                g.entries("tags"),
                g.entries("params"),
                measures);
    }

    private Response files(Exchange exchange) throws IOException {
        Workspace workspace = owned(exchange, workspaces);
        Given body = new Given(exchange.jsonObject(), "");
        List<String> ids = body.texts("ids");
        imports.filesCame(workspace, body.oneOf("kind", KINDS), ids);
        ObjectNode answer = Json.object().put("files", ids.size());
        return Response.ok(answer);
    }
}
