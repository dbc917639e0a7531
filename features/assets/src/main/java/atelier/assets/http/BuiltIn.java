package atelier.assets.http;

import atelier.assets.Asset;
import atelier.assets.AssetDoor;
import atelier.assets.AssetName;
import atelier.workspace.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The assets that exist without being made, as names and versions. The door gives the newest version of a name first.
final class BuiltIn {
    private final AssetDoor door;

    BuiltIn(AssetDoor door) {
        this.door = door;
    }

    List<Asset> versions(Workspace workspace, String name) {
        return door.builtIn(workspace).stream()
                .filter(asset -> asset.name().equals(name))
                .toList();
    }

    Optional<Asset> version(Workspace workspace, String name, String version) {
        return versions(workspace, name).stream()
                .filter(asset -> asset.version().equals(version))
                .findFirst();
    }

    List<AssetName> names(Workspace workspace) {
        Map<String, Asset> newest = new LinkedHashMap<>();
        door.builtIn(workspace).forEach(asset -> newest.putIfAbsent(asset.name(), asset));
        return newest.values().stream().map(BuiltIn::name).toList();
    }

    Optional<AssetName> name(Workspace workspace, String name) {
        return versions(workspace, name).stream().findFirst().map(BuiltIn::name);
    }

    private static AssetName name(Asset latest) {
        String version = latest.version();
        String next = version.matches("\\d{1,18}") ? Long.toString(Long.parseLong(version) + 1) : "1";
        return new AssetName(
                latest.name(),
                Optional.of(latest),
                next,
                false,
                AssetName.Words.NONE,
                latest.createdBy(),
                latest.createdAt(),
                latest.modifiedAt());
    }
}
