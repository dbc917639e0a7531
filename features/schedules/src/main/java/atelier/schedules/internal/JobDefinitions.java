package atelier.schedules.internal;

import atelier.jobs.Jobs;
import atelier.kernel.Json;
import atelier.kernel.Names;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.schedules.Schedules;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The job that an action makes at its time: its definition, or the job it refers to with the changes it asks for.
final class JobDefinitions {
    private static final String AT = "properties.action";
    private static final List<String> TYPES = List.of("Pipeline", "Command", "Spark");
    private static final List<String> SERVER_FIELDS =
            List.of("status", "error", "startTimeUtc", "endTimeUtc", "parentJobName", "services", "sourceJobId");
    private static final Pattern EXPRESSION =
            Pattern.compile("\\$\\{\\{\\s*(name|create_context\\.trigger_time|creation_context\\.trigger_time)\\s*}}");
    private final Jobs jobs;

    JobDefinitions(Jobs jobs) {
        this.jobs = jobs;
    }

    /// Checks the shape of an action; its job is not looked at yet.
    ///
    /// @throws Problem.Unsupported for actions that exist in Azure and not here
    static ObjectNode definition(JsonNode action) {
        if (!action.isObject()) {
            throw new Problem.Invalid(
                    "InvalidArgument", "A schedule needs an object 'action' with an 'actionType'.", AT);
        }
        String type = action.path("actionType").asString("");
        switch (type.toLowerCase(Locale.ROOT)) {
            case "createjob" -> {}
            case "createmonitor", "importdata", "invokebatchendpoint" ->
                throw new Problem.Unsupported(
                        "ScheduleActionNotSupported",
                        "Schedules of this server do 'CreateJob' only, not '" + type
                                + "'. A job that does the same work can be scheduled (create_job).");
            default ->
                throw new Problem.Invalid(
                        "InvalidArgument",
                        "'" + shown(type) + "' is no actionType; use 'CreateJob'.",
                        AT + ".actionType");
        }
        if (!(action.get("jobDefinition") instanceof ObjectNode definition)) {
            throw new Problem.Invalid(
                    "InvalidArgument", "The action needs an object 'jobDefinition'.", AT + ".jobDefinition");
        }
        String job = definition.path("jobType").asString("");
        if (TYPES.stream().noneMatch(job::equalsIgnoreCase)) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    "'" + shown(job) + "' jobs are not scheduled; a schedule creates jobs of type "
                            + String.join(", ", TYPES) + ". Put it into a pipeline, as one step."
                            + (job.length() > 80 ? "" : Nearest.hint(job, TYPES)),
                    AT + ".jobDefinition.jobType");
        }
        return definition;
    }

    /// Checks that the job would be accepted now.
    ///
    /// @throws Problem.Invalid with the target below `properties.action.jobDefinition`
    void validate(Workspace workspace, ObjectNode definition, String job, Instant time) {
        try {
            Names.job(job);
            jobs.check(workspace, properties(workspace, definition, job, time));
        } catch (Problem.Invalid e) {
            String target = e.target() == null ? "" : "." + e.target();
            throw new Problem.Invalid(e.code(), e.message(), AT + ".jobDefinition" + target);
        }
    }

    /// The properties of the job of that name, for [Jobs#submit].
    ///
    /// @param time when the trigger fired
    ObjectNode properties(Workspace workspace, ObjectNode definition, String job, Instant time) {
        String source = definition.path("sourceJobId").asString("");
        ObjectNode properties = source.isEmpty() ? Json.object() : source(workspace, source);
        definition.properties().forEach(field -> merge(properties, field.getKey(), field.getValue()));
        properties.remove(SERVER_FIELDS);
        properties.put("isArchived", false).put("displayName", job);
        for (String field : List.of("inputs", "outputs")) {
            if (properties.get(field) instanceof ObjectNode values) {
                fill(values, job, time.toString());
            }
        }
        return properties;
    }

    /// Marks the job as the work of a schedule.
    static void mark(ObjectNode properties, String schedule, long fire, Instant time, boolean manual) {
        child(properties, "tags").put(Jobs.SCHEDULE_TAG, schedule);
        child(properties, "properties")
                .put(Schedules.NAME_PROPERTY, schedule)
                .put(Schedules.FIRE_PROPERTY, Long.toString(fire))
                .put(Schedules.TIME_PROPERTY, time.toString())
                .put(Schedules.TRIGGER_PROPERTY, manual ? "Manual" : "Schedule");
    }

    private ObjectNode source(Workspace workspace, String reference) {
        String name = reference.startsWith("azureml:") ? reference.substring("azureml:".length()) : reference;
        int slash = name.lastIndexOf('/');
        if (slash >= 0) {
            if (!name.substring(0, slash).equalsIgnoreCase(workspace.armId() + "/jobs")) {
                throw new Problem.Invalid(
                        "InvalidArgument",
                        "'" + shown(reference) + "' is no job of workspace '" + workspace.name() + "'.",
                        "sourceJobId");
            }
            name = name.substring(slash + 1);
        }
        String wanted = name;
        ObjectNode properties = jobs.find(workspace, wanted)
                .orElseThrow(() -> new Problem.Invalid(
                        "InvalidArgument",
                        "There is no job '" + shown(wanted) + "' in workspace '" + workspace.name() + "' to repeat.",
                        "sourceJobId"))
                .properties()
                .deepCopy();
        if (properties.get("properties") instanceof ObjectNode own) {
            own.remove(own.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(key -> key.startsWith("azureml."))
                    .toList());
        }
        return properties;
    }

    /// What is empty changes nothing; inputs, outputs, tags, settings and the like are changed one by one.
    private static void merge(ObjectNode into, String field, JsonNode value) {
        boolean empty = value.isNull()
                || value.isContainer() && value.isEmpty()
                || value.isString() && value.asString().isEmpty();
        if (empty && into.has(field)) {
            return;
        }
        if (into.get(field) instanceof ObjectNode there
                && value instanceof ObjectNode given
                && List.of("inputs", "outputs", "tags", "properties", "settings", "environmentVariables")
                        .contains(field)) {
            given.properties().forEach(entry -> there.set(entry.getKey(), entry.getValue()));
        } else {
            into.set(field, value.deepCopy());
        }
    }

    private static void fill(ObjectNode node, String job, String time) {
        for (Map.Entry<String, JsonNode> field : List.copyOf(node.properties())) {
            node.set(field.getKey(), filled(field.getValue(), job, time));
        }
    }

    private static JsonNode filled(JsonNode node, String job, String time) {
        if (node instanceof ObjectNode object) {
            fill(object, job, time);
            return object;
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, filled(array.get(i), job, time));
            }
            return array;
        }
        if (!node.isString()) {
            return node;
        }
        String text = EXPRESSION
                .matcher(node.asString())
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).equals("name") ? job : time));
        return Json.tree(text);
    }

    private static ObjectNode child(ObjectNode node, String field) {
        return node.get(field) instanceof ObjectNode there ? there : node.putObject(field);
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
