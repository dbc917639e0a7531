package atelier.jobs.internal;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.JobState;
import atelier.jobs.Jobs.Change;
import atelier.jobs.Jobs.Filter;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.Scheduled;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.store.Database;
import atelier.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

abstract class JobStoreContract {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant LEASE = START.plus(Duration.ofMinutes(1));
    private Database database;
    private JobStore store;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        store = new SqlJobStore(database);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private JobRecord job(String name, int second, @Nullable String parent, String tags) {
        ObjectNode properties = Json.object().put("jobType", "Command");
        properties.set("tags", Json.parse(tags));
        Job job = new Job(
                "w",
                name,
                "Command",
                "Queued",
                "Job " + name,
                "exp",
                parent,
                properties,
                null,
                null,
                TestServer.USER.name(),
                START.plusSeconds(second),
                null,
                null,
                false);
        return new JobRecord(job, 0, TestServer.USER, "server-1", "host-1");
    }

    private JobRecord kept(String name) {
        JobRecord job = job(name, 0, null, "{}");
        assertThat(store.insert(job, LEASE)).isTrue();
        return job;
    }

    @Test
    void aJobComesBackAsItWas() {
        JobRecord job = job("a", 1, "p", "{\"k\":\"v\"}");
        store.insert(job, LEASE);
        assertThat(store.find("w", "a")).contains(job);
        assertThat(store.children("w", "p")).containsExactly(job);
        assertThat(store.find("other", "a")).isEmpty();
    }

    @Test
    void aNameIsTakenOnce() {
        kept("a");
        assertThat(store.insert(job("a", 5, null, "{}"), LEASE)).isFalse();
        assertThat(store.history("w", "a")).hasSize(1);
    }

    @Test
    void theSlowerOfTwoChangesIsRefused() {
        JobRecord read = kept("a");
        Optional<JobRecord> first = store.replace(read, read.with(new JobState.Running(), START), START);
        assertThat(first).isPresent();
        assertThat(store.replace(read, read.with(new JobState.CancelRequested(), START), START))
                .isEmpty();
        assertThat(store.find("w", "a")).isEqualTo(first);
    }

    @Test
    void everyStateLeavesAHistoryRow() {
        JobRecord job = kept("a");
        job = store.replace(job, job.with(new JobState.Running(), START.plusSeconds(1)), START.plusSeconds(1))
                .orElseThrow();
        job = store.replace(job, job.with(job.job().properties(), "renamed", true), START.plusSeconds(2))
                .orElseThrow();
        store.replace(
                job, job.with(new JobState.Failed("UserError", "no"), START.plusSeconds(3)), START.plusSeconds(3));
        assertThat(store.history("w", "a"))
                .containsExactly(
                        new Change("Queued", START),
                        new Change("Running", START.plusSeconds(1)),
                        new Change("Failed", START.plusSeconds(3)));
        Job failed = store.find("w", "a").orElseThrow().job();
        assertThat(failed.errorMessage()).isEqualTo("no");
        assertThat(failed.startedAt()).isEqualTo(START.plusSeconds(1));
        assertThat(failed.endedAt()).isEqualTo(START.plusSeconds(3));
        assertThat(failed.archived()).isTrue();
    }

    @Test
    void listsArePagedNewestFirstWithoutChildren() {
        for (int i = 0; i < 5; i++) {
            store.insert(job("j" + i, i, null, "{}"), LEASE);
        }
        store.insert(job("child", 9, "j0", "{}"), LEASE);
        Page<JobRecord> first = store.list("w", Filter.ACTIVE, null, 3);
        assertThat(first.items()).extracting(r -> r.job().name()).containsExactly("j4", "j3", "j2");
        Page<JobRecord> second = store.list("w", Filter.ACTIVE, first.next(), 3);
        assertThat(second.items()).extracting(r -> r.job().name()).containsExactly("j1", "j0");
        assertThat(second.next()).isNull();
    }

    @Test
    void listsAreNarrowedByTagTypeExperimentAndArchive() {
        store.insert(job("a", 1, null, "{\"model\":\"tree\"}"), LEASE);
        store.insert(job("b", 2, null, "{\"model\":\"line\"}"), LEASE);
        assertThat(store.list("w", new Filter(null, null, "model", null), null, 9)
                        .items())
                .hasSize(2);
        assertThat(store.list("w", new Filter(null, "command", "model=tree", "exp"), null, 9)
                        .items())
                .extracting(r -> r.job().name())
                .containsExactly("a");
        assertThat(store.list("w", new Filter(true, null, null, null), null, 9).items())
                .isEmpty();
        assertThat(store.list("w", new Filter(null, "Sweep", null, null), null, 9)
                        .items())
                .isEmpty();
    }

    @Test
    void listsAreNarrowedToTheJobsOfASchedule() {
        store.insert(job("a", 1, null, "{\"azureml.scheduleName\":\"nightly\"}"), LEASE);
        store.insert(job("b", 2, null, "{\"azureml.scheduleName\":\"weekly\"}"), LEASE);
        store.insert(job("c", 3, null, "{}"), LEASE);
        assertThat(store.list("w", scheduled(true, "nightly"), null, 9).items())
                .extracting(r -> r.job().name())
                .containsExactly("a");
        assertThat(store.list("w", scheduled(true, null), null, 9).items()).hasSize(2);
        assertThat(store.list("w", scheduled(false, null), null, 9).items())
                .extracting(r -> r.job().name())
                .containsExactly("c");
    }

    private static Filter scheduled(boolean yes, @Nullable String schedule) {
        return new Filter(false, null, null, null, new Scheduled(yes, schedule));
    }

    @Test
    void aNewServerOnTheSameHostTakesOverWhatIsActive() {
        JobRecord done = kept("done");
        store.replace(done, done.with(new JobState.Completed(), START), START);
        kept("open");
        assertThat(store.takeOver("server-2", "host-1", START, LEASE))
                .extracting(r -> r.job().name(), JobRecord::owner)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("open", "server-2"));
    }

    @Test
    void aServerElsewhereWaitsUntilTheLeaseHasRunOut() {
        JobRecord job = kept("open");
        assertThat(store.takeOver("server-2", "host-2", START, LEASE)).isEmpty();
        store.renew("server-1", LEASE.plusSeconds(60));
        assertThat(store.takeOver("server-2", "host-2", LEASE.plusSeconds(1), LEASE))
                .isEmpty();
        assertThat(store.takeOver("server-2", "host-2", LEASE.plusSeconds(61), LEASE))
                .hasSize(1);
        assertThat(store.replace(job, job.with(new JobState.Running(), START), START))
                .as("the first server comes too late")
                .isEmpty();
    }

    @Test
    void aDeletedJobLeavesNothing() {
        kept("a");
        store.delete("w", "a");
        assertThat(store.find("w", "a")).isEmpty();
        assertThat(store.history("w", "a")).isEmpty();
    }
}
