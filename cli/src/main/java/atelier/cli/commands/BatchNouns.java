package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.endpoints.BatchFiles;
import atelier.cli.entities.Entities;
import atelier.cli.http.Api;
import atelier.cli.output.Printer.Column;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `batch-endpoint` and `batch-deployment`.
final class BatchNouns {
    private static final List<Column> ENDPOINTS = List.of(
            new Column("name", "/name"),
            new Column("state", "/provisioning_state"),
            new Column("default", "/defaults/deployment_name"),
            new Column("scoring uri", "/scoring_uri"));
    private static final List<Column> DEPLOYMENTS = List.of(
            new Column("name", "/name"),
            new Column("state", "/provisioning_state"),
            new Column("model", "/model"),
            new Column("compute", "/compute"));
    private static final List<Column> JOBS =
            List.of(new Column("name", "/name"), new Column("status", "/status"), new Column("id", "/id"));

    private BatchNouns() {}

    static Noun endpoint() {
        return Noun.of("batch-endpoint", "Batch endpoints: addresses that score files.")
                .validated("batch-endpoint")
                .verb(
                        "create",
                        "Make an endpoint from a YAML file, from options, or both.",
                        words -> words.file()
                                .field("--auth-mode", "auth_mode", "aad_token")
                                .texts("--tags", "tags: --tags team=a")
                                .noWait(),
                        call -> {
                            YamlFile file = call.document();
                            call.texts("--tags").forEach(tag -> file.set("tags." + tag));
                            String name = named(file);
                            return shown(call.run("PUT", path(call, name), BatchFiles.endpoint(file, location(call))));
                        })
                .verb(
                        "update",
                        "Change an endpoint: --set defaults.deployment_name=NAME",
                        words -> words.name()
                                .changes()
                                .field("--defaults", "defaults.deployment_name", "the default deployment")
                                .text("--file -f", "a YAML file")
                                .noWait(),
                        BatchNouns::update)
                .verb(
                        "list",
                        "List endpoints.",
                        Words::max,
                        call -> Result.list(
                                call.all(call.api().workspace() + "/batchEndpoints").stream()
                                        .map(Entities::endpoint)
                                        .toList(),
                                ENDPOINTS))
                .verb("show", "Show one endpoint.", Words::name, call -> shown(find(call, call.name())))
                .verb(
                        "delete",
                        "Delete an endpoint with its deployments.",
                        words -> words.name().yes().noWait(),
                        call -> {
                            find(call, call.name());
                            call.run("DELETE", path(call, call.name()), null);
                            return Result.nothing();
                        })
                .verb(
                        "invoke",
                        "Score files; prints the job that does it.",
                        BatchNouns::invokeWords,
                        BatchNouns::invoke)
                .verb(
                        "list-jobs",
                        "List the jobs that its deployments have run.",
                        words -> words.name().max(),
                        call -> {
                            find(call, call.name());
                            return jobs(call, "/mferp/managementfrontend" + path(call, call.name()) + "/jobs");
                        });
    }

    private static void invokeWords(Words words) {
        words.name()
                .text("--deployment-name -d", "the deployment (default: the endpoint's)")
                .text("--input", "azureml:NAME:VERSION, a URI, or a local path")
                .text("--input-type", "uri_folder or uri_file")
                .text("--file -f", "a YAML file of inputs and outputs")
                .changes()
                .text("--mini-batch-size -m", "files a call, in place of the deployment's")
                .text("--instance-count -c", "nodes, in place of the deployment's")
                .text("--output-path", "azureml://datastores/NAME/paths/PATH")
                .text("--job-name", "the name of the job")
                .text("--experiment-name", "its experiment");
    }

    private static String named(YamlFile file) {
        String name = file.text("name", "");
        if (name.isEmpty()) {
            throw new CliError("A batch endpoint needs a name: --name NAME.");
        }
        return name;
    }

    private static String location(Call call) {
        return call.api().get(call.api().workspace()).path("location").asString("local");
    }

    private static Result shown(JsonNode rest) {
        return Result.of(Entities.endpoint(rest), ENDPOINTS);
    }

    private static String path(Call call, String endpoint) {
        return call.api().workspace() + "/batchEndpoints/" + endpoint;
    }

    private static JsonNode find(Call call, String endpoint) {
        return call.api()
                .find(path(call, endpoint))
                .orElseThrow(() -> new CliError("There is no batch endpoint '" + endpoint + "'."));
    }

    private static Result update(Call call) {
        ObjectNode rest = (ObjectNode) find(call, call.name());
        new Changes(Set.of("tags", "identity", "location"), Map.of()).apply(rest, call);
        if (rest.at("/properties/defaults/deploymentName").isString()) {
            // The word that azure-ai-ml sends.
            String name = rest.at("/properties/defaults/deploymentName").asString();
            ((ObjectNode) rest.path("properties")).putObject("defaults").put("deployment_name", name);
        }
        return shown(call.run("PUT", path(call, call.name()), again(rest)));
    }

    private static ObjectNode again(ObjectNode rest) {
        ObjectNode body = Json.object();
        for (String field : new String[] {"location", "tags", "identity", "properties"}) {
            if (rest.has(field)) {
                body.set(field, rest.path(field));
            }
        }
        return body;
    }

    /// As azure-ai-ml asks: a POST to the scoring address, without an api-version.
    private static Result invoke(Call call) {
        JsonNode endpoint = find(call, call.name());
        YamlFile file = call.document();
        ObjectNode properties =
                new BatchFiles(call.assets()).job(file, call.text("--input"), call.text("--input-type"));
        String output = call.text("--output-path");
        if (output != null) {
            properties
                    .putObject("outputData")
                    .putObject("default")
                    .put("jobOutputType", "UriFolder")
                    .put("uri", output);
        }
        if (call.text("--mini-batch-size") != null) {
            properties.put("miniBatchSize", call.number("--mini-batch-size", 1));
        }
        if (call.text("--instance-count") != null) {
            properties.putObject("compute").put("instanceCount", call.number("--instance-count", 1));
        }
        for (String[] each : new String[][] {{"--job-name", "name"}, {"--experiment-name", "experimentName"}}) {
            String given = call.text(each[0]);
            if (given != null) {
                properties.put(each[1], given);
            }
        }
        String uri = endpoint.path("properties").path("scoringUri").asString("");
        if (uri.isEmpty()) {
            throw new CliError("The endpoint '" + call.name() + "' has no scoring address yet.");
        }
        String deployment = call.text("--deployment-name", "");
        var response = call.api()
                .raw(
                        "POST",
                        uri,
                        Json.write(Api.resource(properties)),
                        deployment.isEmpty() ? Map.of() : Map.of("azureml-model-deployment", deployment));
        if (response.statusCode() / 100 != 2) {
            throw Api.failure(response.statusCode(), response.body());
        }
        return Result.of(job(Json.parse(response.body())), JOBS);
    }

    private static ObjectNode job(JsonNode rest) {
        ObjectNode job = Json.object();
        job.set("id", rest.path("id"));
        job.set("name", rest.path("name"));
        job.put("type", rest.path("type").asString(""));
        job.put("status", rest.path("properties").path("status").asString(""));
        return job;
    }

    private static Result jobs(Call call, String path) {
        return Result.list(call.all(path).stream().map(BatchNouns::job).toList(), JOBS);
    }

    static Noun deployment() {
        return Noun.of("batch-deployment", "Batch deployments: models and pipelines that score files for an endpoint.")
                .validated("batch-deployment")
                .verb(
                        "create",
                        "Deploy from a YAML file.",
                        words -> words.file()
                                .field("--endpoint-name -e", "endpoint_name", "its endpoint")
                                .flag("--set-default", "make it the endpoint's default")
                                .accepted("--skip-script-validation", "the script is checked when it runs")
                                .noWait(),
                        BatchNouns::deploy)
                .verb(
                        "update",
                        "Change a deployment.",
                        words -> words.name()
                                .required("--endpoint-name -e", "its endpoint")
                                .text("--file -f", "a YAML file")
                                .changes()
                                .noWait(),
                        BatchNouns::updateDeployment)
                .verb(
                        "list",
                        "List the deployments of an endpoint.",
                        words -> words.required("--endpoint-name -e", "the endpoint")
                                .max(),
                        call -> {
                            find(call, call.required("--endpoint-name"));
                            return Result.list(
                                    call.all(path(call, call.required("--endpoint-name")) + "/deployments").stream()
                                            .map(Entities::deployment)
                                            .toList(),
                                    DEPLOYMENTS);
                        })
                .verb(
                        "show",
                        "Show one deployment.",
                        BatchNouns::named,
                        call -> Result.of(Entities.deployment(findDeployment(call)), DEPLOYMENTS))
                .verb(
                        "delete",
                        "Delete a deployment.",
                        words -> named(words).yes().noWait(),
                        call -> {
                            findDeployment(call);
                            call.run("DELETE", deploymentPath(call), null);
                            return Result.nothing();
                        })
                .verb(
                        "list-jobs",
                        "List the jobs that it has run.",
                        words -> named(words).max(),
                        call -> {
                            findDeployment(call);
                            return jobs(call, "/mferp/managementfrontend" + deploymentPath(call) + "/jobs");
                        });
    }

    private static Words named(Words words) {
        return words.name().required("--endpoint-name -e", "its endpoint");
    }

    private static String deploymentPath(Call call) {
        return path(call, call.required("--endpoint-name")) + "/deployments/" + call.name();
    }

    private static JsonNode findDeployment(Call call) {
        return call.api()
                .find(deploymentPath(call))
                .orElseThrow(() -> new CliError("The endpoint '" + call.required("--endpoint-name")
                        + "' has no deployment '" + call.name() + "'."));
    }

    private static Result deploy(Call call) {
        return put(call, call.document("batch-deployment"));
    }

    private static Result put(Call call, YamlFile file) {
        String endpoint = file.text("endpoint_name", "");
        String name = file.text("name", "");
        if (name.isEmpty() || endpoint.isEmpty()) {
            throw file.error("", "a batch deployment needs 'name' and 'endpoint_name'.");
        }
        ObjectNode known = (ObjectNode) find(call, endpoint);
        ObjectNode body = new BatchFiles(call.assets()).deployment(file, location(call));
        JsonNode made = call.run("PUT", path(call, endpoint) + "/deployments/" + name, body);
        if (call.flag("--set-default")) {
            ((ObjectNode) known.path("properties")).putObject("defaults").put("deployment_name", name);
            call.run("PUT", path(call, endpoint), again(known));
        }
        return Result.of(Entities.deployment(made), DEPLOYMENTS);
    }

    private static Result updateDeployment(Call call) {
        if (call.text("--file") != null) {
            YamlFile file = call.document();
            file.set("name", call.name(), "--name");
            file.set("endpoint_name", call.required("--endpoint-name"), "--endpoint-name");
            return put(call, file);
        }
        ObjectNode rest = (ObjectNode) findDeployment(call);
        new Changes(Set.of("tags"), Map.of()).apply(rest, call);
        return Result.of(Entities.deployment(call.run("PUT", deploymentPath(call), again(rest))), DEPLOYMENTS);
    }
}
