package atelier.jobs.internal;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.jobs.internal.CommandPlan.Input;
import atelier.kernel.Problem;
import atelier.models.Models;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings the inputs of a job to its folder. Mounting and downloading are the same here: a copy, so that a
/// job cannot
/// change what others read.
final class JobInputs {
    private final Blobs blobs;
    private final DataUris uris;
    private final Models models;
    private final EvaluatedTable tables;

    JobInputs(Blobs blobs, DataUris uris, Models models) {
        this.blobs = blobs;
        this.uris = uris;
        this.models = models;
        this.tables = new EvaluatedTable(blobs, uris);
    }

    /// Value, address or local path of each input.
    Map<String, String> fetch(Workspace workspace, CommandPlan plan, JobFolder folder) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, Input> entry : plan.inputs().entrySet()) {
            String name = entry.getKey();
            values.put(
                    name,
                    switch (entry.getValue()) {
                        case Input.Literal(String value) -> value;
                        case Input.Data data ->
                            data.direct()
                                    ? data.uri()
                                    : fetch(workspace, name, data, folder.input(name))
                                            .toString();
                    });
        }
        return values;
    }

    private Path fetch(Workspace workspace, String name, Input.Data data, Path folder) throws IOException {
        Location location = locate(workspace, data);
        Files.createDirectories(folder);
        try {
            if (data.evaluated()
                    && data.type().equals("mltable")
                    && tables.fetch(workspace, location, name, folder).isPresent()) {
                return folder;
            }
            return fetch(location, name, data, folder);
        } catch (Problem.NotFound e) {
            // Not even the container.
            throw missing(name, data, "there is nothing");
        }
    }

    private Path fetch(Location location, String name, Input.Data data, Path folder) throws IOException {
        Optional<Blob> file = location.path().isEmpty()
                ? Optional.empty()
                : blobs.find(new BlobPath(location.container(), location.path()));
        if (file.isPresent()) {
            Path target = copy(file.get(), folder);
            return data.type().equals("uri_file") || data.model() ? target : folder;
        }
        String prefix = location.path().isEmpty() ? "" : location.path() + "/";
        if (data.type().equals("uri_file")) {
            List<Blob> inside =
                    blobs.list(location.container(), prefix, null, 2).items();
            if (inside.size() == 1) {
                return copy(inside.getFirst(), folder);
            }
            throw missing(name, data, inside.isEmpty() ? "there is nothing" : "there is a folder, not a file");
        }
        if (blobs.download(location.container(), prefix, folder) == 0) {
            throw missing(name, data, "there is nothing");
        }
        return folder;
    }

    private Location locate(Workspace workspace, Input.Data data) {
        String uri = data.uri();
        boolean registered = uri.startsWith("models:/") || uri.contains("/models/") && !uri.contains("/paths/");
        boolean named = data.model() && uri.matches("azureml:[^/]+");
        return registered || named ? models.resolve(workspace, uri).location() : uris.resolve(workspace, uri);
    }

    private Path copy(Blob blob, Path folder) throws IOException {
        String name = blob.path().name();
        Path target = folder.resolve(name.substring(name.lastIndexOf('/') + 1)).normalize();
        if (!folder.equals(target.getParent())) {
            throw new Problem.Invalid("'" + name + "' is no name of a file.", "inputs");
        }
        try (InputStream in = blobs.open(blob.path())) {
            Files.copy(in, target);
        }
        return target;
    }

    private static Problem missing(String name, Input.Data data, String what) {
        return new Problem.Invalid(
                "InputNotFound",
                "Input '" + name + "' (" + data.type() + ") points to " + data.uri() + ", but " + what + " there.",
                "inputs." + name);
    }
}
