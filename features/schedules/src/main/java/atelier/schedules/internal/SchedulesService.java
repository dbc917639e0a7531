package atelier.schedules.internal;

import atelier.jobs.Jobs;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.schedules.Fire;
import atelier.schedules.Schedule;
import atelier.schedules.Schedules;
import atelier.schedules.Trigger;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The rules of schedules. What is due is the business of [Firing].
public final class SchedulesService implements Schedules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_\\-]{0,254}");
    private static final List<String> KEPT =
            List.of("displayName", "description", "tags", "properties", "action", "trigger");
    private final ScheduleStore store;
    private final JobDefinitions definitions;
    private final Firing firing;
    private final InstantSource clock;

    public SchedulesService(ScheduleStore store, Jobs jobs, Firing firing, InstantSource clock) {
        this.store = store;
        this.definitions = new JobDefinitions(jobs);
        this.firing = firing;
        this.clock = clock;
    }

    @Override
    public Put put(Workspace workspace, String name, ObjectNode given, Caller caller) {
        requireName(name);
        ObjectNode properties = kept(given);
        boolean enabled = enabled(given);
        while (true) {
            Optional<Schedule> existing = find(workspace, name);
            Schedule wanted = wanted(workspace, name, properties, enabled, existing.orElse(null), caller);
            if (existing.isEmpty()) {
                if (store.insert(wanted)) {
                    firing.wake();
                    return new Put(wanted, true);
                }
            } else {
                Optional<Schedule> replaced = store.replace(existing.get(), wanted);
                if (replaced.isPresent()) {
                    firing.wake();
                    return new Put(replaced.get(), false);
                }
            }
        }
    }

    private Schedule wanted(
            Workspace workspace,
            String name,
            ObjectNode properties,
            boolean enabled,
            @Nullable Schedule existing,
            Caller caller) {
        Instant now = now();
        JsonNode trigger = properties.path("trigger");
        boolean sameTrigger =
                existing != null && existing.properties().path("trigger").equals(trigger);
        Instant anchor = existing != null && sameTrigger ? existing.anchor() : now.truncatedTo(ChronoUnit.SECONDS);
        Trigger times = TriggerReader.read(trigger, anchor);
        ObjectNode definition = JobDefinitions.definition(properties.path("action"));
        if (enabled) {
            definitions.validate(workspace, definition, Firing.jobName(name, now), now);
        }
        boolean goesOn = existing != null && existing.enabled() && sameTrigger;
        Instant next = null;
        if (enabled && existing != null && goesOn) {
            next = existing.nextFire();
        } else if (enabled) {
            Instant end = times.end();
            if (end != null && end.isBefore(now)) {
                throw new Problem.Invalid(
                        "InvalidArgument",
                        "The schedule's end (endTime) has passed; give a later one, or none.",
                        "properties.trigger.endTime");
            }
            boolean firstNow = !sameTrigger && startsNow(trigger);
            next = times.next(firstNow ? anchor : now).orElse(null);
        }
        return new Schedule(
                workspace.id(),
                name,
                existing == null ? 0 : existing.version(),
                properties,
                enabled,
                anchor,
                next,
                existing == null ? 0 : existing.fires(),
                existing == null ? caller : existing.creator(),
                existing == null ? now : existing.createdAt(),
                now);
    }

    /// A recurrence without a start and without times of its own begins with its first job.
    private static boolean startsNow(JsonNode trigger) {
        JsonNode pattern = trigger.path("schedule");
        return trigger.path("triggerType").asString("").equalsIgnoreCase("Recurrence")
                && !TriggerReader.hasStart(trigger)
                && pattern.path("hours").isEmpty()
                && pattern.path("minutes").isEmpty();
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid(
                    "InvalidName",
                    "'" + (name.length() <= 80 ? name : name.substring(0, 77) + "...")
                            + "' is not allowed. A schedule name starts with a letter or digit and has letters, digits,"
                            + " '_' and '-' only, 255 at most.",
                    "name");
        }
    }

    private static ObjectNode kept(ObjectNode given) {
        ObjectNode properties = Json.object();
        for (String field : KEPT) {
            JsonNode value = given.get(field);
            if (value == null || value.isNull()) {
                continue;
            }
            boolean text = field.equals("displayName") || field.equals("description");
            if (text ? !value.isString() : !value.isObject()) {
                throw new Problem.Invalid(
                        "InvalidArgument",
                        "'" + field + "' must be " + (text ? "a string." : "an object."),
                        "properties." + field);
            }
            properties.set(field, value.deepCopy());
        }
        for (String field : List.of("tags", "properties")) {
            properties.path(field).properties().forEach(entry -> {
                if (entry.getValue().isContainer()) {
                    throw new Problem.Invalid(
                            "InvalidArgument", "The values of '" + field + "' must be strings.", "properties." + field);
                }
            });
        }
        return properties;
    }

    private static boolean enabled(ObjectNode given) {
        JsonNode enabled = given.path("isEnabled");
        if (enabled.isMissingNode() || enabled.isNull()) {
            return true;
        }
        if (!enabled.isBoolean()) {
            throw new Problem.Invalid("InvalidArgument", "'isEnabled' must be true or false.", "properties.isEnabled");
        }
        return enabled.asBoolean();
    }

    @Override
    public Optional<Schedule> find(Workspace workspace, String name) {
        return store.find(workspace.id(), name);
    }

    @Override
    public Schedule get(Workspace workspace, String name) {
        return find(workspace, name)
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound",
                        "There is no schedule '" + (name.length() <= 80 ? name : name.substring(0, 77) + "...")
                                + "' in workspace '" + workspace.name() + "'."));
    }

    @Override
    public Page<Schedule> list(Workspace workspace, @Nullable Boolean enabled, @Nullable String marker, int max) {
        return store.list(workspace.id(), enabled, marker, max);
    }

    @Override
    public boolean delete(Workspace workspace, String name) {
        while (true) {
            Optional<Schedule> schedule = find(workspace, name);
            if (schedule.isEmpty()) {
                return false;
            }
            if (schedule.get().enabled()) {
                throw new Problem.Conflict(
                        "ScheduleEnabled", "Schedule '" + name + "' is enabled; disable it before it is deleted.");
            }
            if (store.delete(schedule.get())) {
                return true;
            }
        }
    }

    @Override
    public Fire trigger(Workspace workspace, String name, Instant time) {
        while (true) {
            Optional<Fire> fired =
                    firing.fire(workspace, get(workspace, name), time.truncatedTo(ChronoUnit.MILLIS), true, now());
            if (fired.isPresent()) {
                return fired.get();
            }
        }
    }

    @Override
    public Page<Fire> history(Workspace workspace, String name, @Nullable String marker, int max) {
        get(workspace, name);
        return store.history(workspace.id(), name, marker, max);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
