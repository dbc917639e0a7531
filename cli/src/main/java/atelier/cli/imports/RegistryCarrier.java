package atelier.cli.imports;

import atelier.cli.CliError;
import atelier.cli.http.ApiError;
import atelier.cli.imports.OldFiles.Place;
import atelier.cli.imports.Source.Registered;
import atelier.cli.imports.Tally.Fate;
import atelier.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries registered models and prompts over, when what they name is here.
final class RegistryCarrier {
    private static final int MOST_VERSIONS = 100;
    private static final Pattern OF_RUN = Pattern.compile(".*/([0-9a-f]{32})/artifacts(/.*)?");
    private static final Pattern OF_MODEL = Pattern.compile(".*/models/(m-[0-9a-zA-Z]+)/artifacts(/.*)?");
    private final Source source;
    private final Sender sender;
    private final OldFiles places;
    private final FileCarrier files;
    private final Tally tally;
    private final Importer.Options options;
    private final Known known;

    RegistryCarrier(
            Source source,
            Sender sender,
            OldFiles places,
            FileCarrier files,
            Tally tally,
            Importer.Options options,
            Known known) {
        this.source = source;
        this.sender = sender;
        this.places = places;
        this.files = files;
        this.tally = tally;
        this.options = options;
        this.known = known;
    }

    /// What came before.
    ///
    /// @param seen runs and logged models that were looked at
    /// @param here those whose files are in this workspace
    /// @param ofRuns logged models by `runs:/RUN/NAME`
    record Known(Set<String> seen, Set<String> here, Map<String, String> ofRuns) {}

    void carry() {
        for (Registered model : source.registered()) {
            model(model);
        }
    }

    private void model(Registered model) {
        boolean prompt = model.body()
                .path("tags")
                .path("mlflow.prompt.is_prompt")
                .asString("")
                .equals("true");
        List<ObjectNode> versions = new ArrayList<>();
        for (ObjectNode version : model.versions()) {
            String run = version.path("runId").asString("");
            if (!options.experiments().isEmpty() && (prompt || !known.seen().contains(run))) {
                tally.add(Importer.VERSIONS, Fate.LEFT, 1);
                continue;
            }
            if (options.dryRun()) {
                tally.add(Importer.VERSIONS, Fate.TAKEN, 1);
                continue;
            }
            String address = prompt ? version.path("source").asString() : source(model.name(), version);
            if (address != null) {
                versions.add(version.deepCopy().put("source", address));
            }
        }
        if (versions.isEmpty() && !options.experiments().isEmpty()) {
            tally.add(Importer.NAMES, Fate.LEFT, 1);
        } else if (options.dryRun()) {
            tally.add(Importer.NAMES, Fate.TAKEN, 1);
        } else {
            send(model, versions);
        }
    }

    private void send(Registered model, List<ObjectNode> versions) {
        for (int from = 0; from == 0 || from < versions.size(); from += MOST_VERSIONS) {
            List<ObjectNode> slice = versions.subList(from, Math.min(versions.size(), from + MOST_VERSIONS));
            ObjectNode body = model.body().deepCopy();
            body.set("versions", Json.array().addAll(slice));
            ObjectNode aliases = Json.object();
            // An alias goes with the version it points at, or with the last ones.
            boolean last = from + MOST_VERSIONS >= versions.size();
            if (last) {
                body.path("aliases").properties().forEach(a -> {
                    String version = a.getValue().asString();
                    if (versions.stream()
                            .anyMatch(v -> v.path("version").asString().equals(version))) {
                        aliases.put(a.getKey(), version);
                    }
                });
            }
            body.set("aliases", aliases);
            JsonNode answer;
            try {
                answer = sender.post("registry", body);
            } catch (ApiError e) {
                if (e.status() / 100 != 4 || e.status() == 401 || e.status() == 403) {
                    throw e;
                }
                tally.add(Importer.NAMES, Fate.REFUSED, "model " + model.name(), e.sentence());
                return;
            }
            if (answer.path("model").asString().equals("differs")) {
                conflict(
                        Importer.NAMES,
                        "model " + model.name(),
                        "another model of this name is here; it stays as it is");
                tally.add(Importer.VERSIONS, Fate.CONFLICT, versions.size());
                return;
            }
            if (from == 0) {
                tally.add(Importer.NAMES, fate(answer.path("model")), 1);
            }
            tell(model.name(), answer);
        }
    }

    private void tell(String name, JsonNode answer) {
        for (JsonNode version : answer.path("versions")) {
            String what = "version " + version.path("version").asString() + " of model " + name;
            switch (fate(version.path("outcome"))) {
                case CONFLICT ->
                    conflict(Importer.VERSIONS, what, "another version of this number is here; it stays as it is");
                case REFUSED ->
                    tally.add(
                            Importer.VERSIONS,
                            Fate.REFUSED,
                            what,
                            version.path("reason").asString(""));
                case Fate fate -> tally.add(Importer.VERSIONS, fate, 1);
            }
        }
        for (JsonNode alias : answer.path("aliases")) {
            String what = "alias " + alias.path("alias").asString() + " of model " + name;
            switch (fate(alias.path("outcome"))) {
                case CONFLICT -> conflict("aliases", what, "it points at another version here; it stays as it is");
                case REFUSED ->
                    tally.add(
                            "aliases", Fate.REFUSED, what, alias.path("reason").asString(""));
                case Fate fate -> tally.add("aliases", fate, 1);
            }
        }
    }

    private void conflict(String kind, String what, String reason) {
        if (options.failOnConflict()) {
            throw new CliError(what + ": " + reason
                    + ". Nothing more was taken (--on-conflict fail); what was taken before stays.");
        }
        tally.add(kind, Fate.CONFLICT, what, reason);
    }

    private static Fate fate(JsonNode outcome) {
        return switch (outcome.asString()) {
            case "taken" -> Fate.TAKEN;
            case "present" -> Fate.PRESENT;
            case "differs" -> Fate.CONFLICT;
            default -> Fate.REFUSED;
        };
    }

    /// The address of a version's files here; null when they cannot come, which is told.
    private @Nullable String source(String name, ObjectNode version) {
        String recorded = version.path("source").asString("");
        String logged = known.ofRuns().get(recorded);
        if (logged != null) {
            return "models:/" + logged;
        }
        if (recorded.startsWith("models:/") || recorded.startsWith("runs:/")) {
            return recorded;
        }
        Matcher model = OF_MODEL.matcher(recorded);
        if (model.matches() && known.here().contains(model.group(1))) {
            return "models:/" + model.group(1) + (model.group(2) == null ? "" : model.group(2));
        }
        Matcher run = OF_RUN.matcher(recorded);
        if (run.matches() && known.here().contains(run.group(1))) {
            return "mlflow-artifacts:/0/" + run.group(1) + "/artifacts" + (run.group(2) == null ? "" : run.group(2));
        }
        return switch (places.find(recorded)) {
            case Place.Elsewhere elsewhere -> elsewhere.uri();
            case Place.Local local
            when Files.isDirectory(local.folder()) -> {
                String number = version.path("version").asString();
                String what = "version " + number + " of model " + name;
                String target =
                        "registered/" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)) + "/" + number;
                yield files.folder(what, local.folder(), target) ? "mlflow-artifacts:/" + target : null;
            }
            case Place.Local local -> refused(name, version, "its files at " + local.folder() + " are not there");
            case Place.Served _ ->
                refused(name, version, "its files at " + recorded + " belong to no run that is here");
            case Place.Nowhere nowhere -> refused(name, version, "its files at " + recorded + ": " + nowhere.reason());
        };
    }

    private @Nullable String refused(String name, ObjectNode version, String reason) {
        tally.add(
                Importer.VERSIONS,
                Fate.REFUSED,
                "version " + version.path("version").asString() + " of model " + name,
                reason);
        return null;
    }
}
