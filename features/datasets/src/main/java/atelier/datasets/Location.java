package atelier.datasets;

/// Where an address of the workspace points in the storage account.
///
/// @param container the container
/// @param path blob name (a file) or prefix without trailing slash (a folder); empty for the whole container
public record Location(String container, String path) {
    public Location child(String relative) {
        String rest = relative.startsWith("/") ? relative.substring(1) : relative;
        return new Location(container, path.isEmpty() ? rest : rest.isEmpty() ? path : path + "/" + rest);
    }
}
