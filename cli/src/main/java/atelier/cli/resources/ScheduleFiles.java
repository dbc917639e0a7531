package atelier.cli.resources;

import atelier.cli.assets.Assets;
import atelier.cli.assets.Common;
import atelier.cli.http.Api;
import atelier.cli.jobs.JobFiles;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Schedule YAML (`schedule.schema.json`) to REST. The job is a file, an existing job (`azureml:name`), or written into
/// the schedule; beside `job:` the other fields of `create_job` change it.
public final class ScheduleFiles {
    private final Assets assets;
    private final RandomGenerator random;

    public ScheduleFiles(Assets assets, RandomGenerator random) {
        this.assets = assets;
        this.random = random;
    }

    public ObjectNode body(YamlFile file) {
        if (!file.root().has("trigger")) {
            throw file.error("", "a schedule needs 'trigger'.");
        }
        ObjectNode properties = Json.object();
        Common.describe(file, properties);
        if (file.root().has("display_name")) {
            properties.put("displayName", file.text("display_name", ""));
        }
        properties.put("isEnabled", true);
        properties.set("trigger", trigger(file));
        ObjectNode action = properties.putObject("action").put("actionType", "CreateJob");
        action.set("jobDefinition", job(file));
        return Api.resource(properties);
    }

    private static ObjectNode trigger(YamlFile file) {
        JsonNode given = file.root().path("trigger");
        String type = Fields.oneOf(
                file,
                "/trigger/type",
                given.path("type").asString("").toLowerCase(Locale.ROOT),
                List.of("cron", "recurrence"));
        ObjectNode trigger = Json.object();
        trigger.put("triggerType", type.equals("cron") ? "Cron" : "Recurrence");
        if (type.equals("cron")) {
            if (!given.path("expression").isString()) {
                throw file.error("/trigger", "a cron trigger needs 'expression'.");
            }
            trigger.set("expression", given.path("expression"));
        } else {
            recurrence(file, given, trigger);
        }
        for (String[] each : new String[][] {{"start_time", "startTime"}, {"end_time", "endTime"}}) {
            if (given.has(each[0])) {
                trigger.put(each[1], given.path(each[0]).asString(""));
            }
        }
        trigger.put("timeZone", given.path("time_zone").asString("UTC"));
        return trigger;
    }

    private static void recurrence(YamlFile file, JsonNode given, ObjectNode trigger) {
        String frequency = given.path("frequency").asString("");
        Fields.oneOf(
                file,
                "/trigger/frequency",
                frequency.toLowerCase(Locale.ROOT),
                List.of("minute", "hour", "day", "week", "month"));
        trigger.put(
                "frequency",
                frequency.substring(0, 1).toUpperCase(Locale.ROOT)
                        + frequency.substring(1).toLowerCase(Locale.ROOT));
        if (!given.path("interval").isIntegralNumber()) {
            throw file.error("/trigger", "a recurrence trigger needs 'interval', a whole number.");
        }
        trigger.set("interval", given.path("interval"));
        JsonNode pattern = given.path("schedule");
        ObjectNode schedule = trigger.putObject("schedule");
        String[][] fields = {
            {"hours", "hours"}, {"minutes", "minutes"}, {"week_days", "weekDays"}, {"month_days", "monthDays"}
        };
        for (String[] field : fields) {
            JsonNode value = pattern.path(field[0]);
            if (!value.isMissingNode()) {
                schedule.set(field[1], value.isArray() ? value : Json.array().add(value));
            } else if (field[0].equals("hours") || field[0].equals("minutes")) {
                schedule.set(field[1], Json.array());
            }
        }
    }

    private ObjectNode job(YamlFile file) {
        JsonNode given = file.root().path("create_job");
        JobFiles jobs = new JobFiles(assets, random);
        if (given.isString()) {
            return referred(file, "/create_job", given.asString());
        }
        if (!(given instanceof ObjectNode inline)) {
            throw file.error("", "a schedule needs 'create_job': a file, azureml:JOB, or a job.");
        }
        if (!inline.path("job").isString()) {
            return jobs.properties(file.inline("/create_job", inline));
        }
        String text = inline.path("job").asString();
        if (text.startsWith("azureml:")) {
            ObjectNode job = referred(file, "/create_job/job", text);
            if (inline.has("experiment_name")) {
                job.set("experimentName", inline.path("experiment_name"));
            }
            return job;
        }
        YamlFile base = YamlFile.read(local(file, "/create_job/job", text));
        ObjectNode merged = base.root();
        for (var change : inline.properties()) {
            if (change.getKey().equals("job")) {
                continue;
            }
            if (change.getValue() instanceof ObjectNode more
                    && merged.path(change.getKey()) instanceof ObjectNode known) {
                more.properties().forEach(each -> known.set(each.getKey(), each.getValue()));
            } else {
                merged.set(change.getKey(), change.getValue());
            }
        }
        return jobs.properties(base);
    }

    private ObjectNode referred(YamlFile file, String pointer, String text) {
        if (!text.startsWith("azureml:")) {
            return new JobFiles(assets, random).properties(YamlFile.read(local(file, pointer, text)));
        }
        String name = text.substring("azureml:".length());
        ObjectNode job = Json.object();
        job.put("jobType", "Pipeline");
        job.put("sourceJobId", name.startsWith("/") ? name : assets.api().workspace() + "/jobs/" + name);
        return job.put("experimentName", "").put("isArchived", false);
    }

    private static Path local(YamlFile file, String pointer, String text) {
        Path local = file.local(text.startsWith("file:") ? text.substring("file:".length()) : text);
        if (!Files.isRegularFile(local)) {
            throw file.error(pointer, "there is no job file " + local + ".");
        }
        return local;
    }
}
