package atelier.app;

import atelier.assets.Asset;
import atelier.assets.Assets;
import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.models.ModelsFeature;
import atelier.models.Version;
import atelier.models.Versions;
import atelier.registries.KeptFiles;
import atelier.storage.AccountKeys;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.StorageFeature;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Copies models, data and code of workspaces into registries, each version's files into a container of its own.
record RegistryFiles(StorageFeature storage, DataUris uris, Assets assets, ModelsFeature models) implements KeptFiles {
    private static final String MODELS = "models";
    private static final int PAGE = 1000;

    @Override
    public boolean has(Workspace registry, String kind, String name, String version) {
        return kind.equals(MODELS)
                ? models.models().find(registry, name, version).isPresent()
                : assets.find(registry, kind, name, version).isPresent();
    }

    @Override
    public void copy(Source source, Workspace registry, String name, String version, Caller caller, String baseUrl) {
        String key = registry.id() + "/" + source.kind() + "/" + name + "/" + version;
        String container = "code-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
        if (source.kind().equals(MODELS)) {
            model(source, registry, name, version, caller, new Target(container, baseUrl));
        } else {
            asset(source, registry, name, version, caller, new Target(container, baseUrl));
        }
    }

    private record Target(String container, String baseUrl) {}

    private void model(Source source, Workspace registry, String name, String version, Caller caller, Target target) {
        Location from = models.models()
                .find(source.workspace(), source.name(), source.version())
                .orElseThrow(() -> missing(source))
                .location();
        Version given = models.versions().get(source.workspace(), source.name(), source.version());
        String uri = files(source, from, target);
        models.versions()
                .createWithModel(
                        registry,
                        new Versions.NewVersion(
                                name,
                                version,
                                uri,
                                given.type(),
                                // The run is the workspace's.
                                Version.Lineage.UNKNOWN,
                                given.description(),
                                given.stage(),
                                given.tags(),
                                given.properties()),
                        caller);
    }

    private void asset(Source source, Workspace registry, String name, String version, Caller caller, Target target) {
        String field = source.kind().equals("codes") ? "codeUri" : "dataUri";
        Asset given = assets.find(source.workspace(), source.kind(), source.name(), source.version())
                .orElseThrow(() -> missing(source));
        String address = given.properties().path(field).asString("");
        ObjectNode properties = given.properties().deepCopy();
        properties.put(field, files(source, uris.resolve(source.workspace(), address), target));
        assets.put(registry, source.kind(), name, version, properties, caller);
    }

    /// Copies a file or a folder; its new address.
    private String files(Source source, Location from, Target target) {
        storage.containers().ensure(target.container());
        String leaf = from.path().substring(from.path().lastIndexOf('/') + 1);
        String name = leaf.isEmpty() ? "files" : leaf;
        String address = target.baseUrl() + AccountKeys.PATH + "/" + target.container() + "/" + name;
        Optional<Blob> file = from.path().isEmpty()
                ? Optional.empty()
                : storage.blobs().find(new BlobPath(from.container(), from.path()));
        if (file.isPresent()) {
            copy(file.get(), new BlobPath(target.container(), name));
            return address;
        }
        String prefix = from.path().isEmpty() ? "" : from.path() + "/";
        int files = 0;
        @Nullable String marker = null;
        do {
            var page = storage.blobs().list(from.container(), prefix, marker, PAGE);
            for (Blob blob : page.items()) {
                String below = blob.path().name().substring(prefix.length());
                copy(blob, new BlobPath(target.container(), name + "/" + below));
                files++;
            }
            marker = page.next();
        } while (marker != null);
        if (files == 0) {
            throw new Problem.NotFound(
                    "FilesNotFound",
                    "Version '" + source.version() + "' of '" + source.name() + "' has no files at '" + from.container()
                            + "/" + from.path() + "'; there is nothing to share.");
        }
        return address;
    }

    private void copy(Blob blob, BlobPath to) {
        try (InputStream in = storage.blobs().open(blob.path())) {
            storage.blobs().put(to, in, blob.contentType());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Problem missing(Source source) {
        return new Problem.NotFound(
                "ResourceNotFound",
                "There is no version '" + source.version() + "' of '" + source.name() + "' among the " + source.kind()
                        + " of workspace '" + source.workspace().name() + "'.");
    }
}
