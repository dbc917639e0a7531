package atelier.schedules.internal;

import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Problem;
import atelier.schedules.Fire;
import atelier.schedules.Schedule;
import atelier.schedules.Schedules;
import atelier.schedules.Trigger;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Submits what is due. First the fire is decided: one transaction moves the schedule on and writes the history, and
/// only one server can do that for a schedule's version. Then its job is submitted under the name that was decided;
/// a fire whose server died between the two is taken up again, and the name, used once, keeps the job from coming
/// twice.
public final class Firing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Firing.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    static final Duration CLAIM = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int BATCH = 100;
    private static final int LONGEST_PREFIX = 230;
    private final ScheduleStore store;
    private final Jobs jobs;
    private final Workspaces workspaces;
    private final InstantSource clock;
    private final JobDefinitions definitions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean pending;
    private volatile boolean closed;

    public Firing(ScheduleStore store, Jobs jobs, Workspaces workspaces, InstantSource clock) {
        this.store = store;
        this.jobs = jobs;
        this.workspaces = workspaces;
        this.clock = clock;
        this.definitions = new JobDefinitions(jobs);
    }

    /// `<schedule>-20260102T030405Z`, as Azure names them.
    static String jobName(String schedule, Instant time) {
        String prefix = schedule.length() <= LONGEST_PREFIX ? schedule : schedule.substring(0, LONGEST_PREFIX);
        return prefix + "-" + STAMP.format(time);
    }

    /// Fires from now on, on a thread of its own.
    public void start() {
        Thread.ofVirtual().name("schedules").start(() -> {
            while (!closed) {
                try {
                    tick();
                    rest();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (RuntimeException e) {
                    if (closed) {
                        return;
                    }
                    LOG.error("Schedules could not be looked at; they are tried again", e);
                    pause();
                }
            }
        });
    }

    private void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Something may be due earlier than was known.
    public void wake() {
        lock.lock();
        try {
            pending = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Until the next time that is known, and never long: another server may have changed a schedule.
    private void rest() throws InterruptedException {
        Duration until = store.nextDue()
                .map(due -> Duration.between(clock.instant(), due))
                .filter(wait -> wait.compareTo(LOOK) < 0)
                .orElse(LOOK);
        lock.lock();
        try {
            if (!pending && !closed && until.isPositive()) {
                boolean _ = woken.await(until.toNanos(), TimeUnit.NANOSECONDS);
            }
            pending = false;
        } finally {
            lock.unlock();
        }
    }

    /// Fires what is due now, once each, and takes up what another left half done.
    public void tick() {
        Instant now = now();
        for (Fire open : store.claimStale(now, now.plus(CLAIM))) {
            submit(workspaces.byId(open.workspaceId()), open);
        }
        boolean more = true;
        while (more && !closed) {
            more = false;
            for (Schedule schedule : store.due(now, BATCH)) {
                more |= fireDue(schedule, now);
            }
        }
    }

    private boolean fireDue(Schedule schedule, Instant now) {
        Instant due = schedule.nextFire();
        if (due == null) {
            return false;
        }
        try {
            Trigger trigger = TriggerReader.read(schedule.properties().path("trigger"), schedule.anchor());
            // Of several times that passed while no server ran, the latest alone fires.
            Instant time = trigger.latest(due, now).orElse(due);
            return fire(workspaces.byId(schedule.workspaceId()), schedule, time, false, now)
                    .isPresent();
        } catch (RuntimeException e) {
            LOG.error("Schedule {} did not fire", schedule.name(), e);
            return false;
        }
    }

    /// Decides and submits; empty when the schedule changed meanwhile.
    Optional<Fire> fire(Workspace workspace, Schedule schedule, Instant time, boolean manual, Instant now) {
        Instant next = schedule.nextFire();
        if (!manual) {
            next = TriggerReader.read(schedule.properties().path("trigger"), schedule.anchor())
                    .next(now.plusMillis(1))
                    .orElse(null);
        }
        Schedule after = new Schedule(
                schedule.workspaceId(),
                schedule.name(),
                schedule.version(),
                schedule.properties(),
                schedule.enabled(),
                schedule.anchor(),
                next,
                schedule.fires() + 1,
                schedule.creator(),
                schedule.createdAt(),
                schedule.modifiedAt());
        Fire fire = new Fire(
                schedule.workspaceId(),
                schedule.name(),
                after.fires(),
                time,
                now,
                manual,
                freeName(workspace, schedule.name(), time),
                Fire.Status.SUBMITTING,
                null,
                null);
        return store.fire(schedule, after, fire, now.plus(CLAIM)).map(_ -> submit(workspace, fire));
    }

    private String freeName(Workspace workspace, String schedule, Instant time) {
        String name = jobName(schedule, time);
        String free = name;
        for (int i = 2; jobs.find(workspace, free).isPresent(); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    private Fire submit(Workspace workspace, Fire fire) {
        Fire end;
        try {
            Optional<Schedule> schedule = store.find(fire.workspaceId(), fire.schedule());
            if (schedule.isEmpty()) {
                return fire;
            }
            ObjectNode definition =
                    JobDefinitions.definition(schedule.get().properties().path("action"));
            ObjectNode properties = definitions.properties(workspace, definition, fire.job(), fire.scheduledFor());
            JobDefinitions.mark(properties, fire.schedule(), fire.number(), fire.scheduledFor(), fire.manual());
            jobs.submit(workspace, fire.job(), properties, null, schedule.get().creator());
            end = fire.submitted();
        } catch (Problem.AlreadyExists e) {
            end = isOurs(workspace, fire) ? fire.submitted() : fire.failed(e.code(), e.message());
        } catch (Problem e) {
            end = fire.failed(e.code(), e.message());
        } catch (RuntimeException e) {
            LOG.error("Job {} of schedule {} could not be submitted", fire.job(), fire.schedule(), e);
            end = fire.failed("InternalServerError", "The job could not be submitted; the server's log says more.");
        }
        store.settle(end);
        return end;
    }

    private boolean isOurs(Workspace workspace, Fire fire) {
        return jobs.find(workspace, fire.job())
                .map(Job::properties)
                .map(properties -> properties.path("properties"))
                .filter(own -> own.path(Schedules.NAME_PROPERTY).asString("").equals(fire.schedule()))
                .filter(own -> own.path(Schedules.FIRE_PROPERTY).asString("").equals(Long.toString(fire.number())))
                .isPresent();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }
}
