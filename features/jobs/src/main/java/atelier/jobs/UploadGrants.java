package atelier.jobs;

/// Room in the storage account for files a client is about to send.
public interface UploadGrants {
    /// A container, made when missing, and an address of it that permits writing for some hours.
    ///
    /// @param baseUrl `https://host:port` as the client addressed this server
    Grant container(String container, String baseUrl);

    /// @param blobUri address of the container
    /// @param sasUri the same with permission in its query
    record Grant(String blobUri, String sasUri) {}
}
