package atelier.cli.demo;

import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.endpoints.EndpointFiles;
import atelier.cli.endpoints.Scoring;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Deploys the model behind an endpoint and asks it about one patient.
final class EndpointWalk {
    private final Session session;
    private final Assets assets;
    private final Path samples;
    private final Progress progress;

    EndpointWalk(Session session, Assets assets, Path samples, Progress progress) {
        this.session = session;
        this.assets = assets;
        this.samples = samples;
        this.progress = progress;
    }

    /// What the endpoint said, in words.
    String run(Plan plan, JsonNode model) {
        progress.begin("Endpoint: the model served over HTTPS, with a key");
        EndpointFiles endpoints = new EndpointFiles(assets, session.waiting());
        String path = assets.api().workspace() + "/onlineEndpoints/" + plan.name();
        if (assets.api().find(path).isEmpty()) {
            YamlFile yaml = YamlFile.read(samples.resolve("endpoint.yml"));
            yaml.root().put("name", plan.name());
            endpoints.createEndpoint(yaml);
        }
        YamlFile yaml = YamlFile.read(samples.resolve("deployment.yml"));
        yaml.root().put("endpoint_name", plan.name());
        yaml.root()
                .put(
                        "model",
                        "azureml:" + plan.name() + ":" + model.path("name").asString(""));
        JsonNode deployed = endpoints.createDeployment(yaml, false, false);
        String deployment = deployed.path("name").asString("");
        JsonNode endpoint = endpoints.show(plan.name());
        if (endpoint.path("properties").path("traffic").path(deployment).asInt(0) != 100) {
            endpoint = endpoints.traffic(plan.name(), Json.object().put(deployment, 100));
        }
        progress.done(endpoint.path("properties").path("scoringUri").asString(""));
        Scoring.Answer answer = new Scoring(assets.api()).score(endpoint, "", Json.write(request(plan)));
        return words(plan, answer);
    }

    /// The patient of the file's last line, without the column that is to be predicted.
    static ObjectNode request(Plan plan) {
        ObjectNode data = Json.object();
        ArrayNode columns = data.putArray("columns");
        ArrayNode row = Json.array();
        for (int i = 0; i < plan.csv().columns().size(); i++) {
            String column = plan.csv().columns().get(i);
            if (column.equals(plan.target())) {
                continue;
            }
            columns.add(column);
            String value = plan.csv().last().get(i).strip();
            if (value.isEmpty()) {
                row.addNull();
            } else if (value.matches("[+-]?\\d{1,15}")) {
                row.add(Long.parseLong(value));
            } else if (value.matches("[+-]?\\d*\\.?\\d+([eE][+-]?\\d+)?")) {
                row.add(Double.parseDouble(value));
            } else {
                row.add(value);
            }
        }
        data.putArray("index").add(0);
        data.putArray("data").add(row);
        ObjectNode request = Json.object();
        request.set("input_data", data);
        return request;
    }

    static String words(Plan plan, Scoring.Answer answer) {
        JsonNode said = Json.parse(answer.text());
        String predicted = said.path(0).isString()
                ? said.path(0).asString()
                : said.path(0).isMissingNode() ? answer.text() : Json.write(said.path(0));
        String actual = plan.csv().last().get(plan.csv().columns().indexOf(plan.target()));
        String meaning = switch (predicted) {
            case "1", "1.0", "true", "True", "yes" -> "likely";
            case "0", "0.0", "false", "False", "no" -> "unlikely";
            default -> predicted;
        };
        return String.format(
                Locale.ROOT,
                "Prediction for the %spatient in the last line of %s: %s is %s (the model answered %s in %.0f ms; the"
                        + " file says %s). A demonstration, not a medical opinion.",
                plan.synthetic() ? "synthetic " : "",
                plan.csv().path().getFileName(),
                plan.target(),
                meaning,
                answer.text().strip(),
                answer.milliseconds(),
                actual);
    }
}
