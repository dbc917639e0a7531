package atelier.app;

import java.util.Arrays;

/// `atelier.app.Main up [options]`: runs the server until it is told to end (SIGTERM, Ctrl-C).
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length == 0 || !arguments[0].equals("up")) {
            System.err.println("Usage: up [--data-dir D] [--port P] [--http-port P] [--database URL] [--studio D]");
            System.exit(2);
        }
        try {
            Configuration configuration = Configuration.parse(Arrays.copyOfRange(arguments, 1, arguments.length));
            DataFolder folder = DataFolder.open(configuration.dataFolder());
            System.setProperty("atelier.logs", folder.path("logs").toString());
            Platform platform = Platform.start(configuration, folder);
            Thread ending = new Thread(
                    () -> {
                        platform.close();
                        folder.close();
                    },
                    "shutdown");
            Runtime.getRuntime().addShutdownHook(ending);
            System.out.println("Atelier answers at " + platform.url());
            Thread.currentThread().join();
        } catch (StartFailure failure) {
            System.err.println(failure.getMessage());
            System.exit(1);
        }
    }
}
