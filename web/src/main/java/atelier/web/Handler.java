package atelier.web;

import java.io.IOException;

/// Turns one request into one response; throws a [atelier.kernel.Problem] for what the client should know.
@FunctionalInterface
public interface Handler {
    Response handle(Exchange exchange) throws IOException;
}
