package atelier.app;

import atelier.insights.Ticks;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The real second hand.
final class Seconds implements Ticks, AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("seconds").daemon().factory());

    @Override
    public void everySecond(Runnable work) {
        timer.scheduleAtFixedRate(work, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
