package atelier.environments.internal;

import atelier.assets.Asset;
import atelier.assets.AssetName;
import atelier.assets.AssetQuery;
import atelier.assets.Assets;
import atelier.assets.ListView;
import atelier.kernel.Caller;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Assets in a list; what environments do not ask for is not there.
public final class FakeAssets implements Assets {
    private final List<Asset> assets = new ArrayList<>();

    @Override
    public Asset put(
            Workspace workspace, String kind, String name, String version, ObjectNode properties, Caller caller) {
        Asset asset = new Asset(
                workspace.id(), kind, name, version, properties, false, caller.name(), Instant.EPOCH, Instant.EPOCH);
        assets.add(asset);
        return asset;
    }

    @Override
    public Optional<Asset> find(Workspace workspace, String kind, String name, String version) {
        return assets.stream()
                .filter(a -> a.kind().equals(kind)
                        && a.name().equals(name)
                        && a.version().equals(version))
                .findFirst();
    }

    @Override
    public Optional<Asset> latest(Workspace workspace, String kind, String name) {
        return assets.reversed().stream()
                .filter(a -> a.kind().equals(kind) && a.name().equals(name))
                .findFirst();
    }

    @Override
    public Asset resolve(Workspace workspace, String kind, String reference) {
        String[] parts = reference.replaceFirst("^azureml:", "").split("[:@]");
        return (parts.length < 2 || parts[1].equals("latest")
                        ? latest(workspace, kind, parts[0])
                        : find(workspace, kind, parts[0], parts[1]))
                .orElseThrow(() -> new Problem.NotFound("There is no environment '" + reference + "'."));
    }

    @Override
    public String nextVersion(Workspace workspace, String kind, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Asset> all(Workspace workspace, String kind) {
        return List.copyOf(assets);
    }

    @Override
    public Page<Asset> versions(Workspace workspace, String kind, String name, AssetQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<AssetName> names(Workspace workspace, String kind, ListView view, @Nullable String marker, int max) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<AssetName> name(Workspace workspace, String kind, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AssetName describe(Workspace workspace, String kind, String name, AssetName.Words words, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean archive(Workspace workspace, String kind, String name, boolean archived) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> knownNames(Workspace workspace, String kind) {
        return assets.stream().map(Asset::name).toList();
    }

    @Override
    public List<Asset> delete(Workspace workspace, String kind, String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Asset> withProperty(Workspace workspace, String kind, String property, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(Workspace workspace, String kind, String name, String version) {
        throw new UnsupportedOperationException();
    }
}
