package atelier.storage.http;

import org.jspecify.annotations.Nullable;

/// What an address names.
///
/// @param host what stands for the account
/// @param container null at the account itself
/// @param blob null at a container; a leading slash belongs to the name
record Target(
        String host, @Nullable String container, @Nullable String blob) {
    /// @param path decoded, without the slash after the account
    static Target parse(String host, String path) {
        int slash = path.indexOf('/');
        String container = slash < 0 ? path : path.substring(0, slash);
        String blob = slash < 0 ? "" : path.substring(slash + 1);
        return new Target(host, container.isEmpty() ? null : container, blob.isEmpty() ? null : blob);
    }
}
