package atelier.registries;

/// Room in the storage account for the files of a registry's assets.
public interface Uploads {
    /// The address of a container, made when missing, with permission to read and write for some hours in its query.
    ///
    /// @param baseUrl `https://host:port` as the client addressed this server
    String container(String name, String baseUrl);

    /// Permission in a query string for the container of a blob address; empty when it is none of this account's.
    String permission(String blobAddress, String baseUrl);
}
