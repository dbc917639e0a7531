package atelier.assets.http;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.schemas.Mistake;
import atelier.schemas.Schemas;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST {ws}/atelier/validate`: what of a YAML v2 text is not as its kind has it. `kind` is a noun of the command line
/// (`job`) or a kind (`sweep job`); without it the text says it itself, by `$schema`, `type` and its fields.
public final class ValidateRoutes {
    private final Workspaces workspaces;

    public ValidateRoutes(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE).post(Arm.WORKSPACE + "/atelier/validate", this::validate);
    }

    private Response validate(Exchange exchange) throws IOException {
        workspaces.of(exchange);
        ObjectNode asked = exchange.jsonObject();
        JsonNode yaml = asked.path("yaml");
        if (!yaml.isString()) {
            throw new Problem.Invalid("InvalidYaml", "The body needs 'yaml', the text of the file.", "yaml");
        }
        JsonNode kind = asked.path("kind");
        if (kind.isString() && !Schemas.names().contains(kind.asString())) {
            throw new Problem.Invalid(
                    "InvalidKind",
                    "'" + kind.asString() + "' is not a kind of file; there are " + String.join(", ", Schemas.names())
                            + "." + Nearest.hint(kind.asString(), Schemas.names()),
                    "kind");
        }
        List<Mistake> mistakes = Schemas.check(kind.isString() ? kind.asString() : null, yaml.asString());
        ArrayNode errors = Json.array();
        for (Mistake mistake : mistakes) {
            errors.add(Json.object()
                    .put("line", mistake.line())
                    .put("column", mistake.column())
                    .put("path", mistake.path())
                    .put("message", mistake.message()));
        }
        return Response.ok(Json.object().put("valid", mistakes.isEmpty()).set("errors", errors));
    }
}
