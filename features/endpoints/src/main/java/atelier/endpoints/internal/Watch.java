package atelier.endpoints.internal;

import atelier.endpoints.Probe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.function.Consumer;

/// Asks a scoring process again and again whether it is well, from the moment it was ready until [#close()].
final class Watch implements AutoCloseable {
    private static final int OK = 200;
    private final Thread thread;

    /// @param heard told once a threshold is passed: false when it is unwell, true when it is well again
    Watch(String name, int port, Probe probe, Consumer<Boolean> heard) {
        this.thread = Thread.ofVirtual().name(name).start(() -> {
            try {
                watch(port, probe, heard);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void watch(int port, Probe probe, Consumer<Boolean> heard) throws InterruptedException {
        Thread.sleep(probe.initialDelayMillis());
        boolean well = true;
        // Answers in a row that say otherwise.
        int otherwise = 0;
        while (!Thread.currentThread().isInterrupted()) {
            boolean answer = answers(port, probe);
            otherwise = answer == well ? 0 : otherwise + 1;
            if (otherwise >= (well ? probe.failureThreshold() : probe.successThreshold())) {
                well = answer;
                otherwise = 0;
                heard.accept(well);
            }
            Thread.sleep(probe.periodMillis());
        }
    }

    private static boolean answers(int port, Probe probe) {
        int timeout = (int) Math.min(probe.timeoutMillis(), Integer.MAX_VALUE);
        try {
            if (URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection(Proxy.NO_PROXY)
                    instanceof HttpURLConnection connection) {
                connection.setConnectTimeout(timeout);
                connection.setReadTimeout(timeout);
                try {
                    return connection.getResponseCode() == OK;
                } finally {
                    connection.disconnect();
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
