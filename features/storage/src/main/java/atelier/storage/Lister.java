package atelier.storage;

import atelier.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks a container's names in order; below a rolled-up prefix it jumps instead of reading, so that a folder of a
/// million blobs costs one step.
final class Lister {
    private static final int BATCH = 256;
    private final BlobStore store;
    private final String container;
    private final String prefix;
    private final @Nullable String delimiter;

    Lister(BlobStore store, String container, String prefix, @Nullable String delimiter) {
        this.store = store;
        this.container = container;
        this.prefix = prefix;
        this.delimiter = delimiter == null || delimiter.isEmpty() ? null : delimiter;
    }

    Listing page(@Nullable String marker, int max) {
        byte[] cursor = decode(marker);
        List<Listing.Entry> entries = new ArrayList<>();
        while (true) {
            // One more than wanted, so that the end is known without another page.
            int wanted = delimiter == null ? max - entries.size() + 1 : Math.min(BATCH, max - entries.size() + 1);
            List<Blob> batch = store.range(container, prefix, cursor, wanted);
            boolean jumped = false;
            for (Blob blob : batch) {
                String name = blob.path().name();
                if (entries.size() == max) {
                    return new Listing(entries, encode(utf8(name)));
                }
                String rolledUp = rollUp(name);
                if (rolledUp == null) {
                    entries.add(new Listing.Item(blob));
                    cursor = after(utf8(name));
                } else {
                    entries.add(new Listing.Prefix(rolledUp));
                    cursor = afterAllBelow(utf8(rolledUp));
                    jumped = true;
                    break;
                }
            }
            if (!jumped && batch.size() < wanted) {
                return new Listing(entries, null);
            }
        }
    }

    private @Nullable String rollUp(String name) {
        if (delimiter == null) {
            return null;
        }
        int at = name.indexOf(delimiter, prefix.length());
        return at < 0 ? null : name.substring(0, at + delimiter.length());
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] after(byte[] name) {
        return Arrays.copyOf(name, name.length + 1);
    }

    /// UTF-8 never has the byte 0xFF, so this is above every name with that prefix.
    private static byte[] afterAllBelow(byte[] prefix) {
        byte[] after = Arrays.copyOf(prefix, prefix.length + 1);
        after[prefix.length] = (byte) 0xff;
        return after;
    }

    /// Markers are opaque to clients; base64 keeps every name in XML and in a query.
    private static String encode(byte[] cursor) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
    }

    private static byte[] decode(@Nullable String marker) {
        if (marker == null || marker.isEmpty()) {
            return new byte[0];
        }
        try {
            return Base64.getUrlDecoder().decode(marker);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("OutOfRangeInput", "The marker is not one this server gave.", "marker");
        }
    }
}
