package atelier.jobs;

import atelier.assets.Assets;
import atelier.assets.AssetsFeature;
import atelier.compute.ComputeFeature;
import atelier.datasets.DataUris;
import atelier.environments.Environments;
import atelier.experiments.Runs;
import atelier.identity.SignedLinks;
import atelier.identity.Tokens;
import atelier.jobs.http.CodeDoor;
import atelier.jobs.http.JobRoutes;
import atelier.jobs.http.LogRoutes;
import atelier.jobs.http.RunHistoryRoutes;
import atelier.jobs.internal.CommandKind;
import atelier.jobs.internal.CommandToolsFactory;
import atelier.jobs.internal.JobBackground;
import atelier.jobs.internal.JobCallers;
import atelier.jobs.internal.JobsService;
import atelier.jobs.internal.SqlJobStore;
import atelier.jobs.internal.StoredJobLogs;
import atelier.kernel.Ids;
import atelier.models.Models;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The jobs feature, wired. After every job kind is registered, call [#recover()].
///
/// @param command the kind of command jobs, for kinds that are one command of the server's making: they give it
///     properties of a command job and get all that commands have
/// @param routes what the gateway mounts
public record JobsFeature(
        Jobs jobs, JobLogs logs, OutputAssets outputs, Jobs.JobKind command, JobsService service, List<Routes> routes)
        implements AutoCloseable {
    /// Where jobs live and in whose name.
    ///
    /// @param folder of this server alone; job folders go below it
    public record Machine(Database database, Path folder, InstantSource clock, Ids ids) {}

    /// The features jobs use.
    public record Features(
            Workspaces workspaces,
            Assets assets,
            Blobs blobs,
            DataUris uris,
            Environments environments,
            Runs runs,
            Models models,
            ComputeFeature compute) {}

    /// What jobs and their clients are given to reach this server.
    public record Access(Tokens tokens, SignedLinks links, JobEnvironment environment, UploadGrants uploads) {}

    public static JobsFeature create(Machine given, Features features, Access access) {
        Machine machine =
                new Machine(given.database(), given.folder().toAbsolutePath().normalize(), given.clock(), given.ids());
        StoredJobLogs logs = new StoredJobLogs(machine.folder(), features.blobs(), features.uris());
        JobBackground background = new JobBackground(
                machine.folder(), features.runs(), features.workspaces(), logs, features.blobs(), features.uris());
        JobsService jobs = new JobsService(
                new SqlJobStore(machine.database()),
                background,
                machine.clock(),
                machine.ids().guid(),
                host(machine.folder(), machine.ids()));
        features.uris()
                .outputsOfJobs((workspace, job, output) -> jobs.find(workspace, job)
                        .map(found -> found.properties()
                                .path("outputs")
                                .path(output)
                                .path("uri")
                                .asString(""))
                        .filter(uri -> !uri.isEmpty() && !uri.contains("${{")));
        access.tokens().refuseWhen(caller -> JobCallers.ended(caller, jobs, features.workspaces()));
        OutputAssets outputs = new OutputAssets(features.assets(), features.models());
        CommandKind command = new CommandKind(CommandToolsFactory.create(machine, features, access, outputs));
        jobs.register(command);
        jobs.beforeAbandon(features.compute().slots()::close);
        return new JobsFeature(
                jobs,
                logs,
                outputs,
                command,
                jobs,
                List.of(
                        new JobRoutes(jobs, features.workspaces()).routes(),
                        new LogRoutes(jobs, logs, features.workspaces(), access.links()).routes(),
                        new RunHistoryRoutes(jobs, logs, features.workspaces(), features.runs(), access.links())
                                .routes(),
                        AssetsFeature.routes(features.assets(), features.workspaces(), new CodeDoor()),
                        new CodeDoor.Uploads(features.workspaces(), access.uploads()).routes()));
    }

    /// Takes up the jobs of an earlier run of the server and keeps their leases from then on.
    public void recover() {
        service.recover();
        service.keepLeases();
    }

    /// Lets go of all jobs without ending them: their processes go on, and the next start finds them.
    @Override
    public void close() {
        service.abandon();
    }

    /// The id of this data folder, made at its first use.
    private static String host(Path folder, Ids ids) {
        Path file = folder.resolve("host-id");
        try {
            Files.createDirectories(folder);
            if (Files.notExists(file)) {
                Files.writeString(file, ids.guid());
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new atelier.kernel.Problem.Unavailable(
                    "DataFolderNotWritable", "The job folder " + folder + " cannot be written: " + e.getMessage(), e);
        }
    }
}
