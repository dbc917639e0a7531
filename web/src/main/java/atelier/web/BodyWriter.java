package atelier.web;

import java.io.IOException;
import java.io.OutputStream;

/// Writes a response body as a stream; what it writes reaches the client as it is flushed.
@FunctionalInterface
public interface BodyWriter {
    void writeTo(OutputStream out) throws IOException;
}
