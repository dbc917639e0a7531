package atelier.imports.http;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.models.OldModels;
import atelier.models.OldModels.Outcome;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST {ws}/atelier/mlflow/import/registry`: one registered model or prompt, versions of it, aliases. Each version is
/// kept whole or refused with a reason; a name that is another one here refuses all of it.
public final class RegistryImportRoutes {
    private static final String IS_PROMPT = "mlflow.prompt.is_prompt";
    private final OldModels models;
    private final Workspaces workspaces;

    public RegistryImportRoutes(OldModels models, Workspaces workspaces) {
        this.models = models;
        this.workspaces = workspaces;
    }

    public void mount(Routes routes) {
        routes.post(ImportRoutes.BASE + "registry", this::registry);
    }

    private Response registry(Exchange exchange) throws IOException {
        Workspace workspace = ImportRoutes.owned(exchange, workspaces);
        Caller caller = exchange.caller();
        Given body = new Given(exchange.jsonObject(), "");
        OldModels.OldModel model = new OldModels.OldModel(
                body.name("name"),
                body.textOrNull("description"),
                body.map("tags"),
                body.wholeOr("lastVersion", 0),
                body.whole("createdAt"),
                body.whole("updatedAt"));
        List<OldModels.OldVersion> versions = body.list("versions").stream()
                .map(v -> version(model.name(), v))
                .toList();
        Map<String, String> aliases = body.map("aliases");
        boolean prompt = "true".equals(model.tags().get(IS_PROMPT));
        Outcome outcome = models.model(workspace, model, caller);
        ObjectNode answer = Json.object().put("model", word(outcome));
        ArrayNode told = answer.putArray("versions");
        ArrayNode aliasesTold = answer.putArray("aliases");
        if (outcome == Outcome.DIFFERS) {
            return Response.ok(answer);
        }
        for (OldModels.OldVersion version : versions) {
            tell(
                    told.addObject().put("version", version.version()),
                    () -> models.version(workspace, version, prompt, caller));
        }
        aliases.forEach((alias, version) -> tell(
                aliasesTold.addObject().put("alias", alias).put("version", version),
                () -> models.alias(workspace, model.name(), alias, version, model.updatedAt(), caller)));
        return Response.ok(answer);
    }

    /// One that is refused does not keep the others out.
    private static void tell(ObjectNode told, Supplier<Outcome> work) {
        try {
            told.put("outcome", word(work.get()));
        } catch (Problem.Invalid | Problem.NotFound | Problem.Unsupported e) {
            told.put("outcome", "refused").put("reason", e.message());
        }
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static OldModels.OldVersion version(String name, Given v) {
        String number = v.name("version");
        if (!number.matches("[1-9]\\d{0,8}")) {
            throw v.wrong("version", "is '" + number + "', no number of a version");
        }
        return new OldModels.OldVersion(
                name,
                number,
                v.text("source"),
                v.textOr("runId", ""),
                v.textOr("runLink", ""),
                v.textOrNull("description"),
                v.textOr("stage", "None"),
                v.map("tags"),
                v.textOr("createdBy", ""),
                v.whole("createdAt"),
                v.whole("updatedAt"));
    }
}
