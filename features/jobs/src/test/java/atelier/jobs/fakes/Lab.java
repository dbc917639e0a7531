package atelier.jobs.fakes;

import atelier.assets.Assets;
import atelier.assets.AssetsFeature;
import atelier.compute.ComputeFeature;
import atelier.identity.SignedLinks;
import atelier.identity.Tokens;
import atelier.jobs.JobEnvironment;
import atelier.jobs.Jobs.Job;
import atelier.jobs.JobsFeature;
import atelier.jobs.UploadGrants;
import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A workspace with jobs that really run, everything around them in memory; can be "killed" and started
/// again.
public final class Lab implements AutoCloseable {
    public final Path folder;
    public final Database database;
    public final MemoryBlobs blobs = new MemoryBlobs();
    public final FakeRuns runs = new FakeRuns();
    public final FakeModels models = new FakeModels();
    public final FakeEnvironments environments;
    public final WorkspaceFeature workspaces;
    public final Workspace workspace;
    public final Assets assets;
    public final FakeUris uris;
    private final int slots;
    private final Consumer<JobsFeature> kinds;
    private @Nullable JobsFeature feature;

    /// @param kinds registers further job kinds at each start
    public Lab(Path folder, int slots, Consumer<JobsFeature> kinds, String... moreMigrations) {
        this.folder = folder;
        this.slots = slots;
        this.kinds = kinds;
        this.environments = new FakeEnvironments(python(folder.resolve("environment")));
        String[] migrations = new String[4 + moreMigrations.length];
        System.arraycopy(new String[] {"workspace", "assets", "compute", "jobs"}, 0, migrations, 0, 4);
        System.arraycopy(moreMigrations, 0, migrations, 4, moreMigrations.length);
        this.database = TestDatabase.sqlite(folder, migrations);
        InstantSource clock = InstantSource.system();
        this.workspaces = WorkspaceFeature.create(database, clock, Ids.random(), "test");
        this.workspace = workspaces.workspaces().ensure("sub", "group", "lab", "local");
        this.assets =
                AssetsFeature.create(database, workspaces.workspaces(), clock).assets();
        this.uris = new FakeUris(assets);
    }

    public Lab(Path folder) {
        this(folder, 2, _ -> {});
    }

    private static Path python(Path home) {
        try {
            Files.createDirectories(home.resolve("bin"));
            Files.writeString(home.resolve("bin/marker"), "");
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the server's part, first or again.
    public JobsFeature start() {
        JobsFeature made = JobsFeature.create(
                new JobsFeature.Machine(database, folder.resolve("jobs"), InstantSource.system(), Ids.random()),
                new JobsFeature.Features(
                        workspaces.workspaces(),
                        assets,
                        blobs,
                        uris,
                        environments,
                        runs,
                        models,
                        ComputeFeature.create(
                                database,
                                workspaces.workspaces(),
                                workspaces.operations(),
                                InstantSource.system(),
                                slots)),
                new JobsFeature.Access(new FakeTokens(), new FakeLinks(), new Environment(), new Grants()));
        kinds.accept(made);
        made.jobs().onChange(this::changed);
        feature = made;
        made.recover();
        return made;
    }

    /// As `kill -9` does: the objects are gone, the processes and the database are not.
    public void kill() {
        feature().close();
    }

    public JobsFeature feature() {
        JobsFeature started = feature;
        if (started == null) {
            throw new IllegalStateException("Call start() first");
        }
        return started;
    }

    private synchronized void changed(Job job) {
        notifyAll();
    }

    /// Waits until the job is in this state.
    public synchronized Job await(String name, String status) {
        return await(name, job -> job.status().equals(status));
    }

    /// Waits until the job has ended.
    public synchronized Job awaitEnd(String name) {
        return await(name, Job::isFinal);
    }

    private synchronized Job await(String name, java.util.function.Predicate<Job> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        Job job = feature().jobs().get(workspace, name);
        while (!wanted.test(job)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Job " + name + " is still " + job);
            }
            try {
                wait(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            job = feature().jobs().get(workspace, name);
        }
        return job;
    }

    public Job submit(String name, ObjectNode properties) {
        return feature().jobs().submit(workspace, name, properties, null, TestServer.USER);
    }

    /// A command job in the ready environment.
    public static ObjectNode command(String command) {
        return Json.object().put("jobType", "Command").put("command", command).put("environmentId", "azureml:python:1");
    }

    /// A named pipe that tells the test how far a command has come, or the command when to go on.
    public Path fifo(String name) {
        Path path = folder.resolve(name);
        try {
            if (new ProcessBuilder("mkfifo", path.toString()).start().waitFor() != 0) {
                throw new IllegalStateException("mkfifo failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return path;
    }

    /// The line the command writes to the pipe.
    public static String read(Path fifo) {
        return CompletableFuture.supplyAsync(() -> {
                    try (var reader = Files.newBufferedReader(fifo)) {
                        return String.valueOf(reader.readLine());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orTimeout(120, TimeUnit.SECONDS)
                .join();
    }

    /// Writes a line to the pipe.
    public static void write(Path fifo, String line) {
        CompletableFuture.runAsync(() -> {
                    try {
                        Files.writeString(fifo, line + "\n", java.nio.file.StandardOpenOption.WRITE);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orTimeout(120, TimeUnit.SECONDS)
                .join();
    }

    public String log(String job, String name) {
        try {
            return new String(
                    feature()
                            .logs()
                            .read(workspace, feature().jobs().get(workspace, job), name, 0)
                            .body()
                            .readAllBytes(),
                    java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        JobsFeature started = feature;
        if (started != null) {
            started.close();
        }
        database.close();
    }

    private static final class FakeTokens implements Tokens {
        @Override
        public String issue(Caller caller, String audience, Duration life) {
            return "token-of-" + caller.name();
        }

        @Override
        public Caller verify(String token) {
            throw new UnsupportedOperationException("Jobs issue tokens only");
        }

        @Override
        public Caller owner() {
            return TestServer.USER;
        }

        @Override
        public String ownerToken() {
            throw new UnsupportedOperationException("Jobs never use the owner's token");
        }
    }

    private static final class FakeLinks implements SignedLinks {
        @Override
        public String sign(String path, Duration life) {
            return "se=" + Instant.EPOCH.plus(life).getEpochSecond() + "&sig=" + Integer.toHexString(path.hashCode());
        }

        @Override
        public boolean opens(String path, String se, String sig) {
            return sig.equals(Integer.toHexString(path.hashCode()));
        }
    }

    private static final class Environment implements JobEnvironment {
        @Override
        public String serverUrl() {
            return "https://localhost:8443";
        }

        @Override
        public Map<String, String> variables(Workspace workspace) {
            return Map.of("REQUESTS_CA_BUNDLE", "/certificates.pem");
        }
    }

    private static final class Grants implements UploadGrants {
        @Override
        public Grant container(String container, String baseUrl) {
            String uri = "https://here/blob/atelier/" + container;
            return new Grant(uri, uri + "?sig=s");
        }
    }
}
