package atelier.experiments.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.text;

import atelier.experiments.ArtifactPaths;
import atelier.experiments.Artifacts;
import atelier.experiments.Run;
import atelier.experiments.Tracking;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Artifacts: MLflow's proxy (`mlflow-artifacts/…`), lists by run, the web page's downloads; and what the server says
/// of itself (`/version` steers MLflow 3 clients, so it is an MLflow version).
public final class ArtifactRoutes {
    static final String MLFLOW_VERSION = "3.6.0";
    private static final String PROXY = "2.0/mlflow-artifacts/artifacts";
    private static final Pattern PLAIN = Pattern.compile("[\\w.+\\-]+");
    private static final Set<String> TEXTS = Set.of(
            "txt",
            "log",
            "err",
            "cfg",
            "conf",
            "cnf",
            "cf",
            "ini",
            "properties",
            "prop",
            "hocon",
            "toml",
            "yaml",
            "yml",
            "xml",
            "json",
            "js",
            "py",
            "py3",
            "csv",
            "tsv",
            "md",
            "rst",
            "mlmodel",
            "mlproject");
    private static final int MAX_UPLOAD = 10 * 1024 * 1024;
    private final Artifacts artifacts;
    private final Tracking tracking;

    public ArtifactRoutes(Artifacts artifacts, Tracking tracking) {
        this.artifacts = artifacts;
        this.tracking = tracking;
    }

    public void mount(MlflowRoutes routes) {
        routes.rawApi("PUT", PROXY + "/{path...}", this::put)
                .rawApi("GET", PROXY + "/{path...}", this::get)
                .rawApi("DELETE", PROXY + "/{path...}", this::delete)
                .rawApi("GET", PROXY, this::listFolder)
                .rawApi("POST", "2.0/mlflow/upload-artifact", this::upload)
                .call("GET", "artifacts/list", this::listRun)
                .call("GET", "get-artifact", this::getOfRun)
                .raw("GET", "/get-artifact", (exchange, workspace) -> getOfRun(MlflowRequest.of(exchange, workspace)))
                .raw("GET", "/version", (_, _) -> Response.text(200, MLFLOW_VERSION))
                .raw("GET", "/health", (_, _) -> Response.text(200, "OK"))
                .call3("GET", "server-info", ArtifactRoutes::serverInfo);
    }

    private Response put(Exchange exchange, Workspace workspace) throws IOException {
        artifacts.put(workspace, exchange.path("path"), exchange.body());
        return nothing();
    }

    private Response get(Exchange exchange, Workspace workspace) throws IOException {
        return download(artifacts.open(workspace, exchange.path("path")));
    }

    private Response delete(Exchange exchange, Workspace workspace) {
        artifacts.delete(workspace, exchange.path("path"));
        return nothing();
    }

    /// Names of the entries, without their folder.
    private Response listFolder(Exchange exchange, Workspace workspace) {
        List<Artifacts.FileInfo> files = artifacts.list(workspace, exchange.query("path", ""));
        return answer(json -> list(json, "files", files, (j, file) -> {
            text(j, "path", file.name());
            j.writeBooleanProperty("is_dir", file.folder());
            if (file.bytes() > 0) {
                j.writeNumberProperty("file_size", file.bytes());
            }
        }));
    }

    private Response listRun(MlflowRequest request) {
        Run.Head run = tracking.head(request.workspace(), request.runId());
        String path = request.text("path", "");
        return files(run.artifactUri(), path, artifacts.listUri(request.workspace(), run.artifactUri(), path));
    }

    /// Paths of the entries from the root on, and the root.
    static Response files(String root, String path, List<Artifacts.FileInfo> files) {
        String folder = ArtifactPaths.checked(path);
        return answer(json -> {
            text(json, "root_uri", root);
            list(json, "files", files, (j, file) -> {
                text(j, "path", folder.isEmpty() ? file.name() : folder + "/" + file.name());
                j.writeBooleanProperty("is_dir", file.folder());
                if (file.bytes() > 0) {
                    j.writeNumberProperty("file_size", file.bytes());
                }
            });
        });
    }

    /// A file of a run, as MLflow's web page sends it: the body is the file.
    private Response upload(Exchange exchange, Workspace workspace) throws IOException {
        String run = exchange.query("run_uuid", "");
        String path = exchange.query("path", "");
        if (run.isEmpty()) {
            throw MlflowRequest.invalid("Request must specify run_uuid.");
        }
        if (path.isEmpty()) {
            throw MlflowRequest.invalid("Request must specify path.");
        }
        String inside = ArtifactPaths.checked(path);
        byte[] file = exchange.bytes(MAX_UPLOAD);
        if (file.length == 0) {
            throw MlflowRequest.invalid("Request must specify data.");
        }
        String uri = tracking.head(workspace, run).artifactUri();
        if (!ArtifactPaths.isProxied(uri)) {
            throw MlflowRequest.invalid("The artifacts of this run are kept at " + uri + ", outside of this server.");
        }
        String folder = uri.substring(uri.indexOf(':') + 1).replaceFirst("^/+", "");
        artifacts.put(workspace, folder + "/" + inside, new java.io.ByteArrayInputStream(file));
        return nothing();
    }

    private Response getOfRun(MlflowRequest request) throws IOException {
        Run.Head run = tracking.head(request.workspace(), request.runId());
        return download(artifacts.openUri(request.workspace(), run.artifactUri(), request.required("path")));
    }

    static Response download(Artifacts.Opened file) {
        String name = file.blob().path().name();
        String base = name.substring(name.lastIndexOf('/') + 1);
        // A name that needs no quotes is sent as MLflow's clients and pages read it.
        String named = PLAIN.matcher(base).matches() ? "filename=" + base : "filename*=UTF-8''" + encoded(base);
        return Response.stream(
                        200, type(base, file.blob().contentType()), file.blob().size(), file.bytes())
                .header("Content-Disposition", "attachment; " + named);
    }

    /// What MLflow's page shows as text is text.
    private static String type(String name, String known) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TEXTS.contains(extension) ? "text/plain" : known;
    }

    private static String encoded(String name) {
        StringBuilder out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "._-".indexOf(b) >= 0;
            out.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b));
        }
        return out.toString();
    }

    /// Parts are served to clients that are told to use them, and not offered to the others: one PUT or GET streams as
    /// fast, and is one request where a small file in parts would be three.
    private static Response serverInfo(MlflowRequest request) {
        return answer(json -> {
            text(json, "store_type", "SqlStore");
            for (String flag : List.of(
                    "workspaces_enabled",
                    "trace_archival_enabled",
                    "multipart_uploads_enabled",
                    "multipart_downloads_enabled")) {
                json.writeBooleanProperty(flag, false);
            }
        });
    }
}
