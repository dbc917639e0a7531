package atelier.web;

import atelier.kernel.Caller;
import org.jspecify.annotations.Nullable;

/// Finds out who calls. Returns null when the request carries no credential; throws
/// [atelier.kernel.Problem.Unauthenticated] when it carries one that does not hold.
@FunctionalInterface
public interface Authenticator {
    @Nullable
    Caller authenticate(Exchange exchange);
}
