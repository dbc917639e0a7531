package atelier.jobs.internal;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.OutputAssets;
import atelier.jobs.OutputUris;
import atelier.jobs.internal.CommandPlan.Output;
import atelier.kernel.Problem;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Makes room for the outputs of a job and keeps what it put there.
final class JobOutputs {
    private final Blobs blobs;
    private final DataUris uris;
    private final OutputAssets assets;

    JobOutputs(Blobs blobs, DataUris uris, OutputAssets assets) {
        this.blobs = blobs;
        this.uris = uris;
        this.assets = assets;
    }

    /// Where an output is kept, as an address.
    String uri(Workspace workspace, String job, String name, Output output) {
        return OutputUris.of(uris, workspace, job, name, output.type(), output.uri());
    }

    /// Local path (or address, in direct mode) of each output; the folders are there.
    Map<String, String> prepare(Workspace workspace, String job, CommandPlan plan, JobFolder folder)
            throws IOException {
        Map<String, String> paths = new LinkedHashMap<>();
        for (Map.Entry<String, Output> entry : plan.outputs().entrySet()) {
            String name = entry.getKey();
            Output output = entry.getValue();
            Path place = Files.createDirectories(folder.output(name));
            String uri = uri(workspace, job, name, output);
            paths.put(name, output.direct() ? uri : local(place, output, uri).toString());
        }
        return paths;
    }

    /// A file output is written to a path; its name is that of the address.
    private static Path local(Path place, Output output, String uri) {
        return output.type().equals("uri_file") ? place.resolve(uri.substring(uri.lastIndexOf('/') + 1)) : place;
    }

    /// Copies named outputs to where they are kept, notes the addresses in the job, registers those with a
    /// name.
    void keep(Workspace workspace, Job job, CommandPlan plan, JobFolder folder, JobContext context) throws IOException {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, Output> entry : plan.outputs().entrySet()) {
            String name = entry.getKey();
            Output output = entry.getValue();
            String uri = uri(workspace, job.name(), name, output);
            kept.put(name, uri);
            boolean artifacts = name.equals(OutputUris.ARTIFACTS) && output.uri() == null;
            if (!output.direct() && !artifacts) {
                keep(uris.resolve(workspace, uri), name, output, folder.output(name));
            }
        }
        if (kept.isEmpty()) {
            return;
        }
        ObjectNode outputs = ((ObjectNode) job.properties().path("outputs")).deepCopy();
        kept.forEach((name, uri) -> {
            if (outputs.path(name) instanceof ObjectNode output) {
                output.put("uri", uri);
            } else {
                outputs.putObject(name).put("jobOutputType", "uri_folder").put("uri", uri);
            }
        });
        context.update(properties -> {
            properties.set("outputs", outputs);
            return properties;
        });
        assets.register(workspace, job.name(), outputs, context);
    }

    private void keep(Location location, String name, Output output, Path place) throws IOException {
        blobs.ensureContainer(location.container());
        if (output.type().equals("uri_file")) {
            try (Stream<Path> files = Files.list(place)) {
                List<Path> written = files.filter(Files::isRegularFile).toList();
                if (written.size() == 1) {
                    blobs.put(new BlobPath(location.container(), location.path()), written.getFirst());
                    return;
                }
                if (written.isEmpty()) {
                    throw new Problem.Invalid(
                            "OutputMissing",
                            "Output '" + name + "' is a file, but the command wrote none there.",
                            "outputs." + name);
                }
            }
        }
        blobs.upload(place, location.container(), location.path());
    }

    /// Copies `./outputs` and `./logs` below the run's artifacts.
    void keepArtifacts(Workspace workspace, String job, JobFolder folder) throws IOException {
        Location artifacts = uris.runArtifacts(workspace, job);
        blobs.ensureContainer(artifacts.container());
        for (String name : List.of("outputs", "logs")) {
            Path written = folder.code().resolve(name);
            if (Files.isDirectory(written)) {
                blobs.upload(
                        written, artifacts.container(), artifacts.child(name).path());
            }
        }
    }
}
