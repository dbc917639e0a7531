package atelier.jobs.internal;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.jobs.JobLogs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Logs in job folders and below the run's artifacts.
public final class StoredJobLogs implements JobLogs {
    private static final List<String> PREFIXES = List.of("user_logs/", "logs/", "azureml-logs/", "system_logs/");
    private static final int MOST = 1000;
    private final Path folders;
    private final Blobs blobs;
    private final DataUris uris;

    public StoredJobLogs(Path folders, Blobs blobs, DataUris uris) {
        this.folders = folders;
        this.blobs = blobs;
        this.uris = uris;
    }

    @Override
    public List<LogFile> list(Workspace workspace, Job job) {
        Map<String, Long> found = new TreeMap<>();
        if (job.isFinal()) {
            kept(workspace, job, found);
        }
        Path log = JobFolder.of(folders, workspace.id(), job.name()).log();
        try (Stream<Path> files = Files.isDirectory(log) ? Files.walk(log) : Stream.empty()) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.putIfAbsent(log.relativize(file).toString(), Files.size(file));
            }
        } catch (IOException | UncheckedIOException e) {
            // The job ended meanwhile: what was here is in the storage account, and the next list shows it.
            return entries(found);
        }
        return entries(found);
    }

    private void kept(Workspace workspace, Job job, Map<String, Long> found) {
        Location kept = uris.runArtifacts(workspace, job.name());
        try {
            for (String prefix : PREFIXES) {
                for (Blob blob : blobs.list(kept.container(), kept.child(prefix).path(), null, MOST)
                        .items()) {
                    found.put(blob.path().name().substring(kept.path().length() + 1), blob.size());
                }
            }
        } catch (Problem.NotFound e) {
            // No run of this workspace has kept anything yet: there is not even the container.
            return;
        }
    }

    private static List<LogFile> entries(Map<String, Long> found) {
        return found.entrySet().stream()
                .map(entry -> new LogFile(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public Part read(Workspace workspace, Job job, String name, long offset) throws IOException {
        if (PREFIXES.stream().noneMatch(name::startsWith)
                || List.of(name.split("/")).contains("..")) {
            throw missing(job, name);
        }
        Path file = JobFolder.of(folders, workspace.id(), job.name()).log().resolve(name);
        if (Files.isRegularFile(file)) {
            try {
                return part(file, offset);
            } catch (java.nio.file.NoSuchFileException e) {
                // Kept and removed between the two looks.
            }
        }
        Location kept = uris.runArtifacts(workspace, job.name()).child(name);
        BlobPath path = new BlobPath(kept.container(), kept.path());
        Optional<Blob> blob = blobs.find(path);
        if (blob.isEmpty()) {
            throw missing(job, name);
        }
        long length = Math.max(0, blob.get().size() - offset);
        InputStream body = length == 0 ? InputStream.nullInputStream() : blobs.open(path, offset, length);
        return new Part(body, length, offset + length);
    }

    private static Part part(Path file, long offset) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        long length = Math.max(0, channel.size() - offset);
        channel.position(offset);
        return new Part(new Limited(Channels.newInputStream(channel), length), length, offset + length);
    }

    private static Problem missing(Job job, String name) {
        return new Problem.NotFound("LogNotFound", "Job '" + job.name() + "' has no log '" + name + "' (yet).");
    }

    /// Copies the logs of a job folder below the run's artifacts.
    void keep(Workspace workspace, String job) throws IOException {
        Path log = JobFolder.of(folders, workspace.id(), job).log();
        if (Files.isDirectory(log)) {
            Location kept = uris.runArtifacts(workspace, job);
            blobs.ensureContainer(kept.container());
            blobs.upload(log, kept.container(), kept.path());
        }
    }

    /// A file that grows ends where it ended when it was opened: the length was announced.
    private static final class Limited extends java.io.FilterInputStream {
        private long left;

        Limited(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            int read = left <= 0 ? -1 : super.read();
            left -= read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = super.read(buffer, from, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }
    }
}
