package atelier.cli.commands;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.assets.Assets;
import atelier.cli.http.Api;
import atelier.cli.jobs.JobDownload;
import atelier.cli.jobs.JobFiles;
import atelier.cli.jobs.JobStates;
import atelier.cli.jobs.JobStream;
import atelier.cli.output.Printer;
import atelier.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/// `atelier job …`
@Command(name = "job", description = "Jobs: submit, follow, stop, fetch.", synopsisSubcommandLabel = "VERB")
final class JobCommand {
    @ParentCommand
    private @Nullable Root root;

    private Session session() {
        return Parents.session(root);
    }

    private static final List<Printer.Column> COLUMNS = List.of(
            new Printer.Column("name", "/name"),
            new Printer.Column("type", "/properties/jobType"),
            new Printer.Column("status", "/properties/status"),
            new Printer.Column("display name", "/properties/displayName"),
            new Printer.Column("experiment", "/properties/experimentName"),
            new Printer.Column("created", "/systemData/createdAt"));

    @Command(name = "create", description = "Submit a job from a YAML file.")
    int create(
            @Mixin FileOptions file,
            @Mixin OutputOptions output,
            @Option(
                            names = {"-s", "--stream"},
                            description = "print the log until the job is over")
                    boolean stream,
            @Option(names = "--web", hidden = true) boolean web) {
        JsonNode job = new JobFiles(new Assets(session()), session().random()).submit(file.read(session()));
        if (!stream) {
            output.printer(session()).one(job, COLUMNS);
            return 0;
        }
        String name = job.path("name").asString("");
        session().err().println("Job " + name + " (stop it: atelier job cancel --name " + name + ")");
        return stream(name);
    }

    @Command(name = "list", description = "List jobs, newest first.")
    int list(
            @Mixin ListOptions list,
            @Option(names = "--parent-job-name", paramLabel = "NAME", description = "the steps of a pipeline") @Nullable
                    String parent) {
        Api api = session().api();
        if (parent != null) {
            JsonNode steps = api.get(api.workspace() + "/atelier/jobs/" + parent + "/graph")
                    .path("nodes");
            list.printer(session())
                    .list(
                            steps.valueStream().toList(),
                            List.of(
                                    new Printer.Column("step", "/name"),
                                    new Printer.Column("status", "/status"),
                                    new Printer.Column("job", "/job"),
                                    new Printer.Column("why", "/reason")));
            return 0;
        }
        String path = api.workspace() + "/jobs?listViewType=ActiveOnly";
        list.printer(session()).list(list.all(api, path), COLUMNS);
        return 0;
    }

    @Command(name = "show", description = "Show one job.")
    int show(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Mixin OutputOptions output) {
        output.printer(session()).one(find(name), COLUMNS);
        return 0;
    }

    @Command(
            name = "stream",
            description = "Print the log until the job is over; exit code 1 when it did not complete.")
    int streamVerb(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name) {
        find(name);
        return stream(name);
    }

    @Command(name = "cancel", description = "Stop a job and everything it started.")
    int cancel(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name) {
        find(name);
        Api api = session().api();
        api.run(
                "POST",
                api.workspace() + "/jobs/" + name + "/cancel",
                Json.object(),
                session().waiting());
        session()
                .out()
                .println(name + ": "
                        + find(name).path("properties").path("status").asString(""));
        return 0;
    }

    @Command(name = "download", description = "Fetch logs and artifacts, or a named output, or with --all everything.")
    int download(
            @Option(
                            names = {"-n", "--name"},
                            required = true)
                    String name,
            @Option(names = "--output-name", paramLabel = "OUTPUT") @Nullable String output,
            @Option(names = "--all") boolean all,
            @Option(
                            names = {"-p", "--download-path"},
                            defaultValue = ".")
                    String path) {
        JsonNode job = find(name);
        JobDownload download = new JobDownload(new Assets(session()));
        List<JobDownload.Fetched> fetched = new ArrayList<>();
        if (output != null) {
            fetched.add(download.output(job, output, session().resolve(path)));
        } else {
            fetched.add(download.artifacts(name, session().resolve(path)));
        }
        if (all) {
            for (String each : job.path("properties").path("outputs").propertyNames()) {
                if (!each.equals(output) && !each.equals("default")) {
                    fetched.add(download.output(job, each, session().resolve(path)));
                }
            }
        }
        fetched.forEach(each -> session().out().println(each.files() + " files in " + each.folder()));
        return 0;
    }

    private JsonNode find(String name) {
        Api api = session().api();
        return api.find(api.workspace() + "/jobs/" + name)
                .orElseThrow(() -> new CliError("There is no job '" + name + "'."));
    }

    private int stream(String name) {
        JsonNode job = new JobStream(session().api(), session().waiting())
                .follow(name, session().out());
        JsonNode properties = job.path("properties");
        String status = properties.path("status").asString("");
        session().err().println("Job " + name + ": " + status);
        String error = properties.path("error").path("message").asString("");
        if (!error.isEmpty()) {
            session().err().println(error);
        }
        return JobStates.isGood(status) ? 0 : 1;
    }
}
