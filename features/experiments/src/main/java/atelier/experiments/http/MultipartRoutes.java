package atelier.experiments.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.text;

import atelier.experiments.Multipart;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.util.List;

/// `mlflow-artifacts/mpu/{create,complete,abort}/{path}` and `mlflow-artifacts/presigned/{path}`.
public final class MultipartRoutes {
    private final Multipart multipart;

    public MultipartRoutes(Multipart multipart) {
        this.multipart = multipart;
    }

    public void mount(MlflowRoutes routes) {
        routes.rawApi("POST", "2.0/mlflow-artifacts/mpu/{verb}/{path...}", this::upload)
                .rawApi("GET", "2.0/mlflow-artifacts/presigned/{path...}", this::presigned);
    }

    private Response upload(Exchange exchange, Workspace workspace) throws IOException {
        MlflowRequest request = MlflowRequest.of(exchange, workspace);
        String folder = exchange.path("path");
        String file = request.required("path");
        switch (exchange.path("verb")) {
            case "create" -> {
                Multipart.Started started =
                        multipart.start(workspace, exchange.baseUrl(), folder, file, request.integer("num_parts", 1));
                return answer(json -> {
                    text(json, "upload_id", started.uploadId());
                    json.writeArrayPropertyStart("credentials");
                    int part = 1;
                    for (String url : started.urls()) {
                        json.writeStartObject();
                        text(json, "url", url);
                        json.writeNumberProperty("part_number", part++);
                        json.writeObjectPropertyStart("headers");
                        json.writeEndObject();
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
            }
            case "complete" -> {
                List<Long> parts = request.items("parts").stream()
                        .map(part -> part.requiredInteger("part_number"))
                        .toList();
                multipart.complete(workspace, folder, file, request.required("upload_id"), parts);
                return nothing();
            }
            case "abort" -> {
                multipart.abort(workspace, folder, file, request.required("upload_id"));
                return nothing();
            }
            default ->
                throw new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "An upload is one of create, complete and abort.");
        }
    }

    private Response presigned(Exchange exchange, Workspace workspace) {
        Multipart.Download download = multipart.download(workspace, exchange.baseUrl(), exchange.path("path"));
        return answer(json -> {
            text(json, "url", download.url());
            json.writeObjectPropertyStart("headers");
            json.writeEndObject();
            json.writeNumberProperty("file_size", download.bytes());
        });
    }
}
