package atelier.endpoints;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The two keys of an endpoint; two, so that one can be renewed while the other still opens. Never printed.
public record EndpointKeys(String primary, String secondary) {
    public EndpointKeys {
        if (primary.length() < 16 || secondary.length() < 16) {
            throw new IllegalArgumentException("A key has 16 characters at least");
        }
    }

    /// Whether `given` is one of the two, in a time that does not tell how much of it was right.
    public boolean open(String given) {
        byte[] bytes = given.getBytes(StandardCharsets.UTF_8);
        boolean first = MessageDigest.isEqual(bytes, primary.getBytes(StandardCharsets.UTF_8));
        boolean second = MessageDigest.isEqual(bytes, secondary.getBytes(StandardCharsets.UTF_8));
        return first | second;
    }

    @Override
    public String toString() {
        return "EndpointKeys[hidden]";
    }
}
