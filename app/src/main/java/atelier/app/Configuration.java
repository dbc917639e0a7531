package atelier.app;

import atelier.kernel.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `atelier up` is told.
///
/// @param dataFolder where all state lives
/// @param port https port on loopback; 0 lets the system choose
/// @param httpPort plain http beside it; 0 lets the system choose
/// @param database JDBC URL of a PostgreSQL database; null is the SQLite file `atelier.db` in the data folder
/// @param studio folder of the studio's static bundle
/// @param webhookHosts hosts that webhooks may be sent to although their address is private; `any` for all
public record Configuration(
        Path dataFolder, int port, int httpPort, @Nullable String database, Path studio, List<String> webhookHosts) {
    static final int DEFAULT_PORT = 8443;
    private static final List<String> KNOWN =
            List.of("--data-dir", "--port", "--http-port", "--database", "--studio", "--webhook-hosts");

    public Configuration {
        dataFolder = dataFolder.toAbsolutePath().normalize();
        webhookHosts = List.copyOf(webhookHosts);
        requirePort("--port", port);
        requirePort("--http-port", httpPort);
        if (port != 0 && port == httpPort) {
            throw new StartFailure("--port and --http-port must differ; both are " + port + ".");
        }
        if (database != null && !database.startsWith("jdbc:postgresql:")) {
            throw new StartFailure("--database must be a PostgreSQL JDBC URL such as"
                    + " jdbc:postgresql://127.0.0.1/atelier?user=atelier; leave it out for the built-in SQLite.");
        }
    }

    /// Reads `--name value` and `--name=value`.
    public static Configuration parse(String[] arguments) {
        Map<String, String> given = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            if (equals > 0) {
                words.add(argument.substring(0, equals));
                words.add(argument.substring(equals + 1));
            } else {
                words.add(argument);
            }
        }
        for (int i = 0; i < words.size(); i += 2) {
            String name = words.get(i);
            if (!KNOWN.contains(name)) {
                throw new StartFailure("There is no option '" + name + "'." + Nearest.hint(name, KNOWN));
            }
            if (i + 1 == words.size()) {
                throw new StartFailure("Option " + name + " needs a value.");
            }
            given.put(name, words.get(i + 1));
        }
        int port = number("--port", given.getOrDefault("--port", Integer.toString(DEFAULT_PORT)));
        String httpPort = given.get("--http-port");
        return new Configuration(
                Path.of(given.getOrDefault("--data-dir", System.getProperty("user.home") + "/.atelier")),
                port,
                httpPort != null ? number("--http-port", httpPort) : port == 0 ? 0 : port + 1,
                given.get("--database"),
                Path.of(given.getOrDefault("--studio", root() + "/studio/dist")),
                Stream.of(given.getOrDefault("--webhook-hosts", "").split(","))
                        .map(String::strip)
                        .filter(host -> !host.isEmpty())
                        .toList());
    }

    /// Where the launcher stands; it says so in the environment.
    private static String root() {
        String root = System.getenv("ATELIER_ROOT");
        return root == null ? "." : root;
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new StartFailure(name + " must be a number from 0 to 65535, not '" + value + "'.", e);
        }
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new StartFailure(name + " must be a number from 0 to 65535, not " + port + ".");
        }
    }
}
