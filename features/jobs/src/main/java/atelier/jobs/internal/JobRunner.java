package atelier.jobs.internal;

import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobKind;
import atelier.jobs.Jobs.Outcome;
import atelier.kernel.Problem;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One virtual thread for each job that is not over: kind, kept logs, durable end, in this order.
final class JobRunner {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private final JobsService service;
    private final JobBackground background;
    private final Map<String, RunningJob> running = new ConcurrentHashMap<>();
    private final Map<String, Thread> threads = new ConcurrentHashMap<>();
    private volatile boolean abandoned;

    JobRunner(JobsService service, JobBackground background) {
        this.service = service;
        this.background = background;
    }

    void start(JobRecord record, JobKind kind, boolean resumed) {
        Job job = record.job();
        String key = key(job.workspaceId(), job.name());
        RunningJob context = new RunningJob(service, record, background.folder(job));
        if (running.putIfAbsent(key, context) != null) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("job-" + job.name()).unstarted(() -> {
            try {
                // A cancellation that came before this job was in `running` is seen here.
                service.find(background.workspace(job), job.name())
                        .filter(now -> now.status().equals("CancelRequested"))
                        .ifPresent(_ -> context.cancel());
                run(job, kind, resumed, context);
            } catch (RunningJob.TakenOver e) {
                LOG.info("Job {} is no longer this server's", job.name());
            } catch (RuntimeException e) {
                // The store itself failed; the job stays as it is and is taken up at the next start.
                LOG.error("Job {} could not be brought to its end", job.name(), e);
            } finally {
                running.remove(key);
                threads.remove(key);
            }
        });
        threads.put(key, thread);
        thread.start();
    }

    private void run(Job job, JobKind kind, boolean resumed, RunningJob context) {
        Outcome outcome;
        try {
            outcome = kind.run(background.workspace(job), job, resumed, context);
        } catch (InterruptedException e) {
            // The server is going down; whoever comes next takes the job up.
            return;
        } catch (RunningJob.TakenOver e) {
            throw e;
        } catch (Problem e) {
            outcome = new Outcome.Failed(e.code(), e.message());
        } catch (RuntimeException e) {
            if (abandoned) {
                return;
            }
            LOG.error("Job {} failed by a mistake of the server", job.name(), e);
            outcome = new Outcome.Failed("SystemError", "The server made a mistake: " + e);
        }
        if (abandoned) {
            return;
        }
        if (outcome instanceof Outcome.Failed(String code, String message)) {
            context.log("The job failed (" + code + "): " + message);
        }
        boolean kept = background.keepLogs(job);
        Job ended = service.end(job.workspaceId(), job.name(), outcome);
        kind.ended(background.workspace(job), ended);
        if (kept) {
            background.removeFolder(job);
        }
    }

    void cancel(String workspaceId, String name) {
        RunningJob job = running.get(key(workspaceId, name));
        if (job != null) {
            job.cancel();
        }
    }

    boolean abandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
        threads.values().forEach(Thread::interrupt);
    }

    private static String key(String workspaceId, String name) {
        return workspaceId + "/" + name;
    }
}
