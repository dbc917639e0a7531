package atelier.batch;

import atelier.compute.internal.SqlComputes;
import atelier.jobs.JobsFeature;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.models.HeardDeployed;
import atelier.pipelines.PipelinesFeature;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A [Lab] with pipelines and batch endpoints behind a real HTTP server; jobs run in the machine's own Python.
final class BatchLab implements AutoCloseable {
    static final String ECHO = """
            import os
            def run(mini_batch):
                return [os.path.basename(path) + " " + open(path).read() for path in mini_batch]
            """;
    /// What the models' history is told, one line each.
    final HeardDeployed deployed = new HeardDeployed();

    final Lab lab;
    final String ws;
    final String door;
    private final List<Routes> routes = new ArrayList<>();
    private @Nullable TestServer server;

    BatchLab(Path folder) {
        lab = new Lab(folder, 2, this::register, "pipelines", "batch");
        ws = lab.workspace.armId();
        door = "/mferp/managementfrontend" + ws + "/batchEndpoints/";
        try {
            Path python = folder.resolve("environment/bin/python");
            Files.writeString(python, "#!/bin/sh\nexec python3 \"$@\"\n");
            Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /// The server's part, first or again.
    void start() {
        routes.clear();
        routes.addAll(lab.start().routes());
        server = TestServer.of(routes.toArray(new Routes[0]));
    }

    /// As `kill -9` does: the server is gone, its processes and the database are not.
    void kill() {
        server().close();
        lab.kill();
    }

    private void register(JobsFeature jobs) {
        SqlComputes computes = new SqlComputes(lab.database, InstantSource.system(), 2);
        routes.addAll(PipelinesFeature.create(
                        lab.database,
                        InstantSource.system(),
                        jobs,
                        new PipelinesFeature.Features(
                                lab.workspaces.workspaces(),
                                lab.assets,
                                lab.blobs,
                                lab.uris,
                                lab.environments,
                                computes,
                                lab.models))
                .routes());
        BatchFeature batch = BatchFeature.create(
                new BatchFeature.Machine(
                        lab.database, lab.folder.resolve("batch"), InstantSource.system(), Ids.random(), 2),
                jobs,
                new BatchFeature.Features(
                        lab.workspaces.workspaces(),
                        lab.workspaces.operations(),
                        lab.assets,
                        lab.models,
                        deployed,
                        lab.environments,
                        computes,
                        lab.uris,
                        lab.blobs));
        batch.resume();
        routes.addAll(batch.routes());
        routes.addAll(lab.workspaces.routes());
    }

    TestServer server() {
        TestServer started = server;
        if (started == null) {
            throw new IllegalStateException("Not started");
        }
        return started;
    }

    JsonNode ok(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? Json.object() : Json.parse(response.body());
    }

    JsonNode get(String path) {
        return ok(server().get(path));
    }

    HttpResponse<String> put(String path, String properties) {
        return server().send("PUT", ws + path, "{\"location\":\"local\",\"properties\":" + properties + "}");
    }

    /// A model of one file, and code of one script.
    void model(String script) {
        lab.models.register(
                lab.workspace,
                "m",
                "azureml://datastores/x/paths/models/m",
                "custom_model",
                null,
                Map.of(),
                TestServer.USER);
        lab.blobs.put("blobstore", "models/m/weights.txt", "heavy");
        code("c", script);
    }

    void code(String name, String script) {
        lab.blobs.put("code", name + "/score.py", script);
        ObjectNode code = Json.object().put("codeUri", "https://here/blob/atelier/code/" + name);
        lab.assets.put(lab.workspace, "codes", name, "1", code, TestServer.USER);
    }

    /// `count` small files below `in`; their address.
    String files(int count) {
        for (int n = 0; n < count; n++) {
            lab.blobs.put("blobstore", "in/f" + n + ".txt", "text" + n);
        }
        return "azureml://datastores/workspaceblobstore/paths/in";
    }

    /// Endpoint `heart` with deployment `blue` of a script, its default.
    ///
    /// @param more further properties, with a comma in front
    void deploy(String more) {
        ok(put("/batchEndpoints/heart", "{\"authMode\":\"aadToken\"}"));
        ok(put(
                "/batchEndpoints/heart/deployments/blue",
                "{\"model\":{\"referenceType\":\"Id\",\"assetId\":\"" + ws + "/models/m/versions/1\"},"
                        + "\"environmentId\":\"azureml:python:1\",\"miniBatchSize\":1,"
                        + "\"codeConfiguration\":{\"codeId\":\"azureml:c:1\",\"scoringScript\":\"score.py\"}" + more
                        + "}"));
        ok(put("/batchEndpoints/heart", "{\"authMode\":\"aadToken\",\"defaults\":{\"deploymentName\":\"blue\"}}"));
    }

    /// Starts a job over a folder.
    HttpResponse<String> invoke(String uri, String more, String... headers) {
        return server().send(
                        "POST",
                        door + "heart/jobs",
                        "{\"properties\":{\"inputData\":{\"any\":{\"jobInputType\":\"UriFolder\",\"uri\":\"" + uri
                                + "\"}}" + more + "}}",
                        headers);
    }

    String name(HttpResponse<String> invoked) {
        return ok(invoked).path("name").asString();
    }

    String text(String path) {
        return String.valueOf(lab.blobs.text("blobstore", path));
    }

    @Override
    public void close() {
        server().close();
        lab.close();
    }
}
