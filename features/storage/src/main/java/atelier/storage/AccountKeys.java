package atelier.storage;

import java.util.List;

/// The account's name and its two keys. Whoever has a key may do everything in the account; keys are never logged.
public interface AccountKeys {
    /// The one account of an installation.
    String ACCOUNT = "atelier";

    /// The path every client can use: one part that stands for the account, as emulators have it, because azcopy and
    /// several SDKs take the first part of the path as the account's name.
    String PATH = "/" + ACCOUNT + ".blob.localhost";

    /// @param name `key1` or `key2`
    /// @param value base64 of 64 bytes
    record Key(String name, String value) {
        @Override
        public String toString() {
            return "Key{" + name + "}";
        }
    }

    /// `key1` and `key2`, in that order.
    List<Key> list();

    /// Makes a new value; whatever was signed with the old one holds no longer.
    ///
    /// @throws atelier.kernel.Problem.NotFound when there is no key of that name
    Key regenerate(String name);

    /// What storage clients call a connection string.
    ///
    /// @param baseUrl `https://host:port` of the server
    default String connectionString(String baseUrl) {
        return "DefaultEndpointsProtocol=" + (baseUrl.startsWith("https:") ? "https" : "http") + ";AccountName="
                + ACCOUNT + ";AccountKey=" + list().getFirst().value() + ";BlobEndpoint=" + baseUrl + PATH + ";";
    }
}
