package atelier.cli;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The data folder as the command line sees it: where the server runs, its token and its certificates.
public record DataFolder(Path path) {
    /// A server that has said it is ready. `httpUrl` is the plain-http address beside the TLS one.
    public record Server(long pid, String url, String httpUrl, Instant startedAt, String version) {}

    public Path ca() {
        return path.resolve("tls/ca.pem");
    }

    public Path bundle() {
        return path.resolve("tls/bundle.pem");
    }

    public Path log() {
        return path.resolve("logs/server.log");
    }

    public String ownerToken() {
        return secret("owner.token");
    }

    public String identitySecret() {
        return secret("identity.secret");
    }

    private String secret(String name) {
        Path file = path.resolve("secrets").resolve(name);
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CliError("The secret " + file + " cannot be read; it belongs to whoever started the server.", e);
        }
    }

    /// The server that runs on this folder now, if one does.
    public Optional<Server> server() {
        Path file = path.resolve("run/server.json");
        JsonNode node;
        try {
            node = Json.parse(Files.readString(file));
        } catch (IOException | Problem e) {
            return Optional.empty();
        }
        long pid = node.path("pid").asLong(0);
        if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Server(
                pid,
                node.path("url").asString(""),
                node.path("httpUrl").asString(""),
                Instant.parse(node.path("startedAt").asString("1970-01-01T00:00:00Z")),
                node.path("version").asString("")));
    }

    /// @throws CliError when none runs
    public Server runningServer() {
        return server().orElseThrow(() -> new CliError(
                "Atelier does not run on the data folder " + path + "; start it with: atelier up --detach"));
    }
}
