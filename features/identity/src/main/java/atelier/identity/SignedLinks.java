package atelier.identity;

import java.time.Duration;

/// Addresses that carry their own permission, for clients that send no header (the log addresses of Azure ML's job
/// stream).
public interface SignedLinks {
    /// A query string `se=<epoch second>&sig=<hex>` that opens `path` (raw, as it will be requested) for reading
    /// during
    /// `life`.
    String sign(String path, Duration life);

    /// Whether `se` and `sig` open `path` now. Constant time.
    boolean opens(String path, String se, String sig);
}
