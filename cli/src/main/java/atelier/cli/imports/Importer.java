package atelier.cli.imports;

import atelier.cli.CliError;
import atelier.cli.http.ApiError;
import atelier.cli.imports.Source.Experiment;
import atelier.cli.imports.Source.Model;
import atelier.cli.imports.Source.Run;
import atelier.cli.imports.Tally.Fate;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Walks through another MLflow and hands over what is not here yet: experiments, then runs and logged models, each
/// followed by its files, then registered models, which name these. Whatever was interrupted goes on by doing it again:
/// what is here is asked for first.
public final class Importer {
    static final String RUNS = "runs";
    static final String MODELS = "logged models";
    static final String NAMES = "registered models";
    static final String VERSIONS = "model versions";
    static final String EXPERIMENTS = "experiments";
    private static final int MOST_POINTS = 20_000;
    private static final int MOST_RUNS = 200;
    private static final long EVERY = 5_000_000_000L;
    private final Source source;
    private final Sender sender;
    private final OldFiles places;
    private final Options options;
    private final PrintStream progress;
    private final Tally tally = new Tally(List.of(EXPERIMENTS, RUNS, MODELS, NAMES, VERSIONS, FileCarrier.FILES));
    private final FileCarrier files;
    /// Runs and logged models whose files are in this workspace.
    private final Set<String> here = new HashSet<>();
    /// All runs and logged models that were looked at.
    private final Set<String> seen = new HashSet<>();
    /// Logged models by run and name: what `runs:/RUN/NAME` means since MLflow 3.
    private final Map<String, String> ofRuns = new HashMap<>();
    private long toldAt = System.nanoTime();

    Importer(Source source, Sender sender, OldFiles places, Options options, PrintStream progress) {
        this.source = source;
        this.sender = sender;
        this.places = places;
        this.options = options;
        this.progress = progress;
        this.files = new FileCarrier(source, sender, places, tally, progress);
    }

    /// @param experiments names of those that come; empty for all
    /// @param dryRun tells only what would come
    /// @param failOnConflict ends at the first thing that is here as another one
    record Options(List<String> experiments, boolean dryRun, boolean failOnConflict) {
        Options {
            experiments = List.copyOf(experiments);
        }
    }

    Tally run() {
        progress.println("Reading " + source.name());
        List<Experiment> chosen = chosen();
        Map<String, String> ids = experiments(chosen);
        int done = 0;
        for (Experiment experiment : chosen) {
            done++;
            String id = ids.getOrDefault(experiment.id(), "");
            // Models first: a run's metrics and files may be read through them at once.
            source.models(experiment, models -> models(models, id), this::brokenModel);
            source.runs(experiment, runs -> runs(experiment, runs, id), this::brokenRun);
            progress.println("Experiment '" + experiment.name() + "' (" + done + " of " + chosen.size() + "): "
                    + tally.of(RUNS, Fate.TAKEN) + (options.dryRun() ? " runs would come" : " runs taken") + ", "
                    + tally.of(RUNS, Fate.PRESENT) + " here before, " + tally.of(FileCarrier.FILES, Fate.TAKEN)
                    + " files");
        }
        new RegistryCarrier(
                        source, sender, places, files, tally, options, new RegistryCarrier.Known(seen, here, ofRuns))
                .carry();
        source.left().forEach((what, many) -> tally.add(what, Fate.LEFT, many));
        return tally;
    }

    private List<Experiment> chosen() {
        List<Experiment> all = source.experiments();
        if (options.experiments().isEmpty()) {
            return all;
        }
        List<String> names = all.stream().map(Experiment::name).toList();
        for (String name : options.experiments()) {
            if (!names.contains(name)) {
                throw new CliError(
                        "There is no experiment '" + name + "' in " + source.name() + "." + Nearest.hint(name, names));
            }
        }
        return all.stream()
                .filter(e -> options.experiments().contains(e.name()))
                .toList();
    }

    /// By id there, the id here.
    private Map<String, String> experiments(List<Experiment> chosen) {
        Map<String, String> ids = new HashMap<>();
        if (options.dryRun()) {
            tally.add(EXPERIMENTS, Fate.TAKEN, chosen.size());
            return ids;
        }
        for (int from = 0; from < chosen.size(); from += MOST_RUNS) {
            List<Experiment> slice = chosen.subList(from, Math.min(chosen.size(), from + MOST_RUNS));
            ObjectNode body = Json.object();
            ArrayNode list = body.putArray("experiments");
            slice.forEach(e -> {
                ObjectNode sent = e.body().deepCopy();
                // The default experiment is the default one here, whatever it is called there.
                list.add(e.isDefault() ? sent.put("name", "Default") : sent);
            });
            JsonNode answer = sender.post("experiments", body).path("experiments");
            for (int i = 0; i < slice.size(); i++) {
                ids.put(slice.get(i).id(), answer.path(i).path("id").asString());
                tally.add(EXPERIMENTS, answer.path(i).path("made").asBoolean() ? Fate.TAKEN : Fate.PRESENT, 1);
            }
        }
        return ids;
    }

    private void brokenRun(String what, String reason) {
        tally.add(RUNS, Fate.REFUSED, what, reason);
    }

    private void brokenModel(String what, String reason) {
        tally.add(MODELS, Fate.REFUSED, what, reason);
    }

    // ---- runs ----

    private void runs(Experiment experiment, List<Run> runs, String experimentId) {
        Map<String, String> prints = new LinkedHashMap<>();
        runs.forEach(run -> prints.put(run.id(), Fingerprint.of(experiment.name(), run.body(), run.latest())));
        List<String> states = runs.isEmpty() ? List.of() : sender.states("run", prints);
        List<Run> toSend = new ArrayList<>();
        List<Run> toFill = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            seen.add(run.id());
            if (places.find(run.artifactUri()) instanceof OldFiles.Place.Elsewhere) {
                // Clients read them where they are.
            } else {
                here.add(run.id());
            }
            switch (states.get(i)) {
                case "new" -> toSend.add(run);
                case "files-missing" -> {
                    tally.add(RUNS, Fate.PRESENT, 1);
                    toFill.add(run);
                }
                case "present" -> tally.add(RUNS, Fate.PRESENT, 1);
                default -> conflict(RUNS, run.id(), states.get(i));
            }
        }
        if (options.dryRun()) {
            tally.add(RUNS, Fate.TAKEN, toSend.size());
            return;
        }
        toFill.addAll(send(toSend, prints, experimentId));
        files.ofRuns(toFill, experimentId);
        if (System.nanoTime() - toldAt > EVERY) {
            toldAt = System.nanoTime();
            progress.println("Experiment '" + experiment.name() + "': " + tally.of(RUNS, Fate.TAKEN) + " runs taken, "
                    + tally.of(FileCarrier.FILES, Fate.TAKEN) + " files");
        }
    }

    private void conflict(String kind, String id, String state) {
        String reason = state.equals("differs")
                ? "here since an earlier import, but it has changed since then where it came from; it stays as it is here"
                : "another one of this id is here, which no import took; it stays as it is";
        here.remove(id);
        if (options.failOnConflict()) {
            throw new CliError(kind.substring(0, kind.length() - 1) + " " + id + ": " + reason
                    + ". Nothing more was taken (--on-conflict fail); what was taken before stays.");
        }
        tally.add(kind, Fate.CONFLICT, id, reason);
    }

    /// Those that came.
    private List<Run> send(List<Run> runs, Map<String, String> prints, String experimentId) {
        List<Run> came = new ArrayList<>();
        List<Run> batch = new ArrayList<>();
        List<ObjectNode> bodies = new ArrayList<>();
        long[] points = new long[1];
        for (Run run : runs) {
            String print = String.valueOf(prints.get(run.id()));
            ObjectNode body =
                    run.body().deepCopy().put("experimentId", experimentId).put("fingerprint", print);
            if (places.find(run.artifactUri()) instanceof OldFiles.Place.Elsewhere elsewhere) {
                body.put("artifactUri", elsewhere.uri());
            }
            PointChunks chunks = new PointChunks(sender, run.id(), print, MOST_POINTS);
            try {
                if (!run.latest().isEmpty()) {
                    source.points(run, chunks);
                }
            } catch (SqlStore.Unreadable | ApiError e) {
                tally.add(
                        RUNS,
                        Fate.REFUSED,
                        "run " + run.id(),
                        String.valueOf(e instanceof ApiError a ? a.sentence() : e.getMessage()));
                here.remove(run.id());
                continue;
            }
            body.put("pointsBefore", chunks.sent());
            body.set("metrics", chunks.rest());
            batch.add(run);
            bodies.add(body);
            points[0] += chunks.held();
            if (batch.size() >= MOST_RUNS || points[0] >= MOST_POINTS) {
                came.addAll(flush(batch, bodies));
                points[0] = 0;
            }
        }
        came.addAll(flush(batch, bodies));
        return came;
    }

    private List<Run> flush(List<Run> batch, List<ObjectNode> bodies) {
        List<Run> came = new ArrayList<>();
        Batches.send(sender, "runs", "runs", bodies, (i, state, reason) -> {
            Run run = batch.get(i);
            if (state.equals("new")) {
                tally.add(RUNS, Fate.TAKEN, 1);
                came.add(run);
            } else if (state.equals("refused")) {
                here.remove(run.id());
                tally.add(RUNS, Fate.REFUSED, "run " + run.id(), reason);
            } else {
                conflict(RUNS, run.id(), state);
            }
        });
        batch.clear();
        bodies.clear();
        return came;
    }

    // ---- logged models ----

    private void models(List<Model> models, String experimentId) {
        Map<String, String> prints = new LinkedHashMap<>();
        models.forEach(model -> prints.put(model.id(), Fingerprint.of("", model.body(), Json.object())));
        List<String> states = models.isEmpty() ? List.of() : sender.states("model", prints);
        List<Model> toSend = new ArrayList<>();
        List<ObjectNode> bodies = new ArrayList<>();
        List<Model> toFill = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            Model model = models.get(i);
            seen.add(model.id());
            here.add(model.id());
            ofRuns.put(
                    "runs:/" + model.body().path("sourceRunId").asString("") + "/"
                            + model.body().path("name").asString(""),
                    model.id());
            switch (states.get(i)) {
                case "new" -> {
                    ObjectNode body = model.body()
                            .deepCopy()
                            .put("experimentId", experimentId)
                            .put("fingerprint", prints.get(model.id()));
                    if (places.find(model.artifactUri()) instanceof OldFiles.Place.Elsewhere elsewhere) {
                        body.put("artifactUri", elsewhere.uri());
                        here.remove(model.id());
                    }
                    toSend.add(model);
                    bodies.add(body);
                }
                case "files-missing" -> {
                    tally.add(MODELS, Fate.PRESENT, 1);
                    toFill.add(model);
                }
                case "present" -> tally.add(MODELS, Fate.PRESENT, 1);
                default -> conflict(MODELS, model.id(), states.get(i));
            }
        }
        if (options.dryRun()) {
            tally.add(MODELS, Fate.TAKEN, toSend.size());
            return;
        }
        Batches.send(sender, "logged-models", "models", bodies, (i, state, reason) -> {
            Model model = toSend.get(i);
            if (state.equals("new")) {
                tally.add(MODELS, Fate.TAKEN, 1);
                toFill.add(model);
            } else if (state.equals("refused")) {
                here.remove(model.id());
                tally.add(MODELS, Fate.REFUSED, "logged model " + model.id(), reason);
            } else {
                conflict(MODELS, model.id(), state);
            }
        });
        files.ofModels(toFill, experimentId);
    }
}
