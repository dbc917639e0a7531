package atelier.cli.commands;

import atelier.cli.DataFolder;
import atelier.cli.Session;
import atelier.cli.http.Api;
import atelier.cli.output.Form;
import atelier.cli.output.Printer;
import atelier.kernel.Json;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// Run once by the build, so that the classes of an ordinary verb (JSON, HTTP, TLS, tables) are in the start-up cache.
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Override
    public Integer call() throws IOException, java.security.GeneralSecurityException {
        Session session = Parents.session(root);
        SSLContext.getDefault().createSSLEngine();
        Path folder = Files.createTempDirectory("atelier-warm-up");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext("/", exchange -> {
            byte[] body = "{\"value\":[{\"name\":\"a\"}],\"workspaces\":[{\"name\":\"main\"}]}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        try {
            Files.createDirectories(folder.resolve("secrets"));
            Files.writeString(folder.resolve("secrets/owner.token"), "warm-up");
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            Api api = Api.of(new DataFolder.Server(0, url, url, Instant.EPOCH, ""), new DataFolder(folder));
            new Printer(session.out(), Form.table)
                    .print(
                            Json.array().add(api.get(api.workspace() + "/jobs")),
                            List.of(new Printer.Column("name", "/name")));
            session.out().print(Json.toYaml(api.post("/x", Json.object())));
        } finally {
            server.stop(0);
            Files.delete(folder.resolve("secrets/owner.token"));
            Files.delete(folder.resolve("secrets"));
            Files.delete(folder);
        }
        return 0;
    }
}
