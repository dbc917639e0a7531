package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Place;
import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.http.Api;
import atelier.cli.output.Printer;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.schemas.Mistake;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One call of a verb: the words that were given, and the server and workspace they are meant for.
final class Call {
    private static final int MANY = 1000;
    private final Session session;
    private final Words words;
    private @Nullable Api api;

    Call(Session session, Words words) {
        this.session = session;
        this.words = words;
    }

    Session session() {
        return session;
    }

    /// The API in the workspace that was asked for.
    Api api() {
        Api known = api;
        if (known == null) {
            String registry = text("--registry-name");
            known = registry == null
                    ? session.api(new Place(text("--workspace-name"), text("--resource-group"), text("--subscription")))
                    : session.api().registry(registry);
            api = known;
        }
        return known;
    }

    Assets assets() {
        return new Assets(api());
    }

    String name() {
        return required("--name");
    }

    @Nullable
    String text(String option) {
        return words.value(option);
    }

    String text(String option, String absent) {
        String given = text(option);
        return given == null ? absent : given;
    }

    String required(String option) {
        String given = text(option);
        if (given == null) {
            throw new CliError(option + " is needed.");
        }
        return given;
    }

    /// The word that is no option.
    String word() {
        return words.positional();
    }

    List<String> texts(String option) {
        OptionSpec found = words.spec().optionsMap().get(option);
        List<String> texts = new ArrayList<>();
        if (found != null && found.getValue() instanceof List<?> given) {
            given.forEach(each -> texts.add(String.valueOf(each)));
        }
        return texts;
    }

    boolean flag(String option) {
        OptionSpec found = words.spec().optionsMap().get(option);
        return found != null && Boolean.TRUE.equals(found.getValue());
    }

    int number(String option, int absent) {
        String given = text(option);
        if (given == null) {
            return absent;
        }
        try {
            return Integer.parseInt(given);
        } catch (NumberFormatException e) {
            throw new CliError(option + " needs a whole number, not '" + given + "'.", e);
        }
    }

    /// The YAML file with the options that stand for fields and the changes of `--set` in it; without `--file` a
    /// mapping of these alone, whose paths are relative to the folder of the call.
    YamlFile document() {
        String file = text("--file");
        YamlFile yaml = file == null ? YamlFile.empty(session.resolve("")) : YamlFile.read(session.resolve(file));
        putFields(yaml);
        texts("--set").forEach(yaml::set);
        return yaml;
    }

    /// The same, checked as a file of this kind.
    YamlFile document(String kind) {
        return document().checked(kind);
    }

    /// What is wrong with the file, as azure-ai-ml prints a validation: result and errors; the mistakes on `err` too.
    Result validate(String kind) {
        YamlFile file = document();
        ObjectNode report = Json.object();
        var errors = Json.array();
        for (Mistake mistake : file.mistakes(kind)) {
            session.err().println(file.path() + ":" + mistake);
            errors.add(Json.object()
                    .put("message", mistake.message())
                    .put("path", mistake.path().replaceFirst("^/", "").replace('/', '.'))
                    .put("location", file.path() + "#line " + mistake.line())
                    .put("line", mistake.line())
                    .put("column", mistake.column()));
        }
        report.put("result", errors.isEmpty() ? "Succeeded" : "Failed");
        report.set("errors", errors);
        return new Result(report, List.of(new Printer.Column("result", "/result")), errors.isEmpty() ? 0 : 1);
    }

    /// Puts the options that stand for fields into the file.
    void putFields(YamlFile yaml) {
        words.fields().forEach((option, field) -> {
            String given = text(option);
            if (given != null) {
                yaml.set(field, given, option);
            }
        });
    }

    /// A version by `--version` or `--label`; empty means the newest.
    String version() {
        String version = text("--version");
        String label = text("--label");
        if (version != null && label != null) {
            throw new CliError("Give --version or --label, not both.");
        }
        if (label != null && !label.equals("latest")) {
            throw new CliError("'" + label + "' is not a label; only 'latest' is.");
        }
        return version == null ? "" : version;
    }

    /// `listViewType` of the REST API.
    String view() {
        return flag("--archived-only") ? "ArchivedOnly" : flag("--include-archived") ? "All" : "ActiveOnly";
    }

    /// The elements of a paged list, following its links until there are enough.
    List<JsonNode> all(String path) {
        int max = number("--max-results", number("--max", MANY));
        List<JsonNode> found = new ArrayList<>();
        Api api = api();
        String next = path;
        while (!next.isEmpty() && found.size() < max) {
            JsonNode page = api.get(next);
            page.path("value").forEach(found::add);
            next = page.path("nextLink").asString("");
        }
        return found.size() > max ? List.copyOf(found.subList(0, max)) : found;
    }

    /// A PUT, POST or DELETE, waited for unless `--no-wait` is given.
    JsonNode run(String method, String path, @Nullable JsonNode body) {
        return run(api(), method, path, body);
    }

    JsonNode run(Api to, String method, String path, @Nullable JsonNode body) {
        return flag("--no-wait") ? to.start(method, path, body) : to.run(method, path, body, session.waiting());
    }
}
