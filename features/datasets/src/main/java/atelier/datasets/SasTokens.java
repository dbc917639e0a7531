package atelier.datasets;

import java.time.Duration;

/// What datastores need of the storage account's key holder: a way for a client to reach one container for a while.
@FunctionalInterface
public interface SasTokens {
    /// A shared access signature (query string without `?`) that reads, writes, lists and deletes in `container`.
    String forContainer(String container, Duration life);
}
