package atelier.gateway;

import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The studio's static bundle below `/studio/`; unknown paths without a file ending are pages of the single-page app.
/// The files
/// hold no data, so they need no caller; the data they ask for does.
public final class StudioFiles {
    private static final String POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
                    + " font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "json", "application/json",
            "woff2", "font/woff2",
            "ttf", "font/ttf",
            "woff", "font/woff");
    /// `gzip` as one of the encodings, not refused by a weight of 0 (RFC 9110, 12.5.3).
    private static final Pattern GZIP =
            Pattern.compile("(?i)(?:^|,)\\s*gzip\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$))[0-9.]+\\s*)?(?:,|$)");

    private final Path bundle;

    /// @param bundle folder with index.html
    public StudioFiles(Path bundle) {
        this.bundle = bundle.toAbsolutePath().normalize();
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .open("GET", "/studio", _ -> Response.status(302).header("Location", "/studio/"))
                .open("GET", "/studio/{file...}", this::file);
    }

    private Response file(Exchange exchange) throws IOException {
        String name = exchange.path("file");
        if (name.indexOf('\0') >= 0) {
            throw new Problem.Invalid("InvalidUri", "The address has a NUL.", null);
        }
        Path file = bundle.resolve(name).normalize();
        if (!file.startsWith(bundle)) {
            throw new Problem.NotFound("NotFound", "There is nothing at this address.");
        }
        if (!name.isEmpty() && Files.isRegularFile(file)) {
            boolean hashed = name.startsWith("assets/");
            return send(exchange, file, hashed ? "public, max-age=31536000, immutable" : "no-cache");
        }
        if (name.startsWith("assets/")) {
            throw new Problem.NotFound("NotFound", "The studio has no file of this name; reload the page.");
        }
        Path index = bundle.resolve("index.html");
        if (Files.notExists(index)) {
            return Response.bytes(
                    503,
                    "text/html; charset=utf-8",
                    "<!doctype html><title>Atelier</title><p>The studio is not built. Run <code>./atelier up</code> from the source folder."
                            .getBytes(StandardCharsets.UTF_8));
        }
        return send(exchange, index, "no-cache");
    }

    /// A file of the bundle, as the gzip beside it where the client takes that (the build makes one of each text file).
    private static Response send(Exchange exchange, Path file, String caching) throws IOException {
        String name = String.valueOf(file.getFileName());
        String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
        Path gzip = file.resolveSibling(name + ".gz");
        boolean compressed = takesGzip(exchange.header("Accept-Encoding")) && Files.isRegularFile(gzip);
        Path sent = compressed ? gzip : file;
        Response response = Response.stream(200, type, Files.size(sent), Files.newInputStream(sent))
                .header("Cache-Control", caching)
                .header("Vary", "Accept-Encoding")
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("X-Frame-Options", "DENY");
        return compressed ? response.header("Content-Encoding", "gzip") : response;
    }

    private static boolean takesGzip(@Nullable String encodings) {
        return encodings != null && GZIP.matcher(encodings).find();
    }
}
