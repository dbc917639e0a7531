package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.entities.Jobs;
import atelier.cli.http.Api;
import atelier.cli.jobs.JobDownload;
import atelier.cli.jobs.JobFiles;
import atelier.cli.jobs.JobStates;
import atelier.cli.jobs.JobStream;
import atelier.cli.output.Printer.Column;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `job`
final class JobNoun {
    private static final List<Column> COLUMNS = List.of(
            new Column("name", "/name"),
            new Column("type", "/type"),
            new Column("status", "/status"),
            new Column("display name", "/display_name"),
            new Column("experiment", "/experiment_name"),
            new Column("created", "/creation_context/created_at"));
    private static final List<Column> STEPS = List.of(
            new Column("step", "/display_name"),
            new Column("status", "/status"),
            new Column("job", "/name"),
            new Column("why", "/reason"));

    private JobNoun() {}

    static Noun noun() {
        return Noun.of("job", "Jobs: submit, follow, stop, fetch.")
                .verb(
                        "create",
                        "Submit a job from a YAML file.",
                        words -> words.file()
                                .flag("--stream -s", "print the log until the job is over")
                                .accepted("--web -e", "the studio's address is in services.Studio.endpoint")
                                .accepted("--skip-validation", "the server checks it"),
                        JobNoun::create)
                .verb(
                        "list",
                        "List jobs, newest first.",
                        words -> words.max().archived().text("--parent-job-name -p", "the steps of this job"),
                        JobNoun::list)
                .verb(
                        "show",
                        "Show one job.",
                        words -> words.name().accepted("--web -e", "the address is printed"),
                        call -> Result.of(Jobs.entity(find(call, call.name())), COLUMNS))
                .verb(
                        "stream",
                        "Print the log until the job is over; exit code 1 when it did not complete.",
                        Words::name,
                        call -> stream(call, named(find(call, call.name()))))
                .verb(
                        "cancel",
                        "Stop a job and everything it started.",
                        words -> words.name().noWait(),
                        JobNoun::cancel)
                .verb(
                        "download",
                        "Fetch logs and artifacts, or a named output, or with --all everything.",
                        words -> words.name()
                                .text("--output-name", "the output")
                                .flag("--all", "logs, artifacts and every output")
                                .text("--download-path -p", "where to (default: here)"),
                        JobNoun::download)
                .verb("archive", "Hide a job from lists.", Words::name, call -> archived(call, true))
                .verb("restore", "Show an archived job in lists again.", Words::name, call -> archived(call, false))
                .verb(
                        "update",
                        "Change display name, description, tags or properties.",
                        words -> words.name()
                                .changes()
                                .field("--display-name", "display_name", "the name that people read")
                                .field("--description", "description", "what it is"),
                        JobNoun::update)
                .validated("job")
                .verb(
                        "connect-ssh",
                        "Open a shell in a job; not here, jobs are processes of this machine.",
                        words -> words.name()
                                .text("--node-index -i", "the node")
                                .text("--private-key-file-path -f", "the key"),
                        call -> {
                            throw new CliError(
                                    "Jobs are processes of the machine that Atelier runs on, without a shell to"
                                            + " connect to; see their log with: atelier job stream --name "
                                            + call.name());
                        });
    }

    private static String path(Call call, String name) {
        return call.api().workspace() + "/jobs/" + name;
    }

    private static JsonNode find(Call call, String name) {
        return call.api().find(path(call, name)).orElseThrow(() -> new CliError("There is no job '" + name + "'."));
    }

    private static String named(JsonNode job) {
        return job.path("name").asString("");
    }

    private static Result create(Call call) {
        call.required("--file");
        YamlFile file = call.document("job");
        if (file.text("experiment_name", "").isEmpty()) {
            // As in az ml: the folder that the verb was called from.
            file.root()
                    .put(
                            "experiment_name",
                            experiment(call.session().resolve("").toAbsolutePath()));
        }
        JsonNode job = new JobFiles(call.assets(), call.session().random()).submit(file);
        if (!call.flag("--stream")) {
            return Result.of(Jobs.entity(job), COLUMNS);
        }
        call.session().err().println("Job " + named(job) + " (stop it: atelier job cancel --name " + named(job) + ")");
        return stream(call, named(job));
    }

    private static String experiment(Path folder) {
        Path name = folder.normalize().getFileName();
        return name == null ? "Default" : name.toString();
    }

    private static Result list(Call call) {
        String parent = call.text("--parent-job-name");
        if (parent != null) {
            return Result.list(children(call, parent), STEPS);
        }
        List<JsonNode> found = call.all(call.api().workspace() + "/jobs?listViewType=" + call.view());
        return Result.list(found.stream().map(Jobs::entity).toList(), COLUMNS);
    }

    /// The children by run history, as azure-ai-ml asks for them, with each one's job where it has one. The steps of a
    /// pipeline that have not started yet are told by the pipeline's graph.
    private static List<ObjectNode> children(Call call, String parent) {
        Api api = call.api();
        find(call, parent);
        List<ObjectNode> children = new ArrayList<>();
        for (JsonNode run : call.all("/history/v1.0" + api.workspace() + "/runs/" + parent + "/children")) {
            String name = run.path("runId").asString("");
            ObjectNode child = api.find(path(call, name))
                    .map(Jobs::entity)
                    .orElseGet(() -> Json.object()
                            .put("name", name)
                            .put("status", run.path("status").asString(""))
                            .put("display_name", run.path("displayName").asString("")));
            child.put("parent_job_name", parent);
            children.add(child);
        }
        api.find(api.workspace() + "/atelier/jobs/" + parent + "/graph").ifPresent(graph -> {
            for (JsonNode node : graph.path("nodes")) {
                if (node.path("job").asString("").isEmpty()) {
                    children.add(Json.object()
                            .put("display_name", node.path("name").asString(""))
                            .put("status", node.path("status").asString(""))
                            .put("reason", node.path("reason").asString("")));
                }
            }
        });
        return children;
    }

    private static Result cancel(Call call) {
        find(call, call.name());
        call.run("POST", path(call, call.name()) + "/cancel", Json.object());
        String status =
                find(call, call.name()).path("properties").path("status").asString("");
        call.session().err().println(call.name() + ": " + status);
        return Result.nothing();
    }

    private static Result download(Call call) {
        String name = call.name();
        JsonNode job = find(call, name);
        var folder = call.session().resolve(call.text("--download-path", "."));
        JobDownload download = new JobDownload(call.assets());
        List<JobDownload.Fetched> fetched = new ArrayList<>();
        String output = call.text("--output-name");
        if (output != null) {
            fetched.add(download.output(withOutputs(call, job), output, folder));
        } else {
            fetched.add(download.artifacts(name, folder));
        }
        if (call.flag("--all")) {
            for (String each : job.path("properties").path("outputs").propertyNames()) {
                if (!each.equals(output) && !each.equals("default")) {
                    fetched.add(download.output(job, each, folder));
                }
            }
        }
        fetched.forEach(each -> call.session().err().println(each.files() + " files in " + each.folder()));
        return Result.nothing();
    }

    /// The job whose outputs are meant: of a batch scoring job they are its only child's, as azure-ai-ml takes them.
    private static JsonNode withOutputs(Call call, JsonNode job) {
        JsonNode tags = job.path("properties").path("tags");
        if (!tags.path("azureml.batchrun").asString("").equals("true")
                || !tags.path("azureml.jobtype").asString("").equals("azureml.batchjob")) {
            return job;
        }
        List<JsonNode> runs = call.all("/history/v1.0" + call.api().workspace() + "/runs/"
                + job.path("name").asString("") + "/children");
        return runs.isEmpty() ? job : find(call, runs.getLast().path("runId").asString(""));
    }

    private static Result archived(Call call, boolean archived) {
        ObjectNode job = (ObjectNode) find(call, call.name());
        ((ObjectNode) job.path("properties")).put("isArchived", archived);
        call.api().put(path(call, call.name()), body(job));
        return Result.nothing();
    }

    private static Result update(Call call) {
        ObjectNode job = (ObjectNode) find(call, call.name());
        new Changes(Set.of(), Map.of()).apply(job, call);
        return Result.of(Jobs.entity(call.api().put(path(call, call.name()), body(job))), COLUMNS);
    }

    private static ObjectNode body(JsonNode job) {
        return Api.resource((ObjectNode) job.path("properties"));
    }

    private static Result stream(Call call, String name) {
        JsonNode job = new JobStream(call.api(), call.session().waiting())
                .follow(name, call.session().out());
        JsonNode properties = job.path("properties");
        String status = properties.path("status").asString("");
        call.session().err().println("Job " + name + ": " + status);
        String error = properties.path("error").path("message").asString("");
        if (!error.isEmpty()) {
            call.session().err().println(error);
        }
        return Result.exit(JobStates.isGood(status) ? 0 : 1);
    }
}
