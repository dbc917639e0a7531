package atelier.storage.access;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.web.Paths;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Signatures recorded from azure-storage-blob 12.31.1 for Python, under a key that is no secret.
class StringsToSignTest {
    private static final String KEY =
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";

    private static String field(String query, String name) {
        List<String> values = Paths.query(query).get(name);
        return values == null ? "" : values.getFirst();
    }

    private static void assertServiceSas(String query, String resource) {
        assertThat(StringsToSign.sign(KEY, StringsToSign.serviceSas(resource, name -> field(query, name))))
                .isEqualTo(field(query, "sig"));
    }

    @Test
    void aContainerSasOfTheSdkHolds() {
        assertServiceSas(
                "st=2026-01-02T03%3A00%3A00Z&se=2026-01-02T04%3A00%3A00Z&sp=rl&sv=2026-10-06&sr=c&rsct=text/plain"
                        + "&sig=%2B24IBeJ0I/5sZQNxXO/FK9esPI/t6W0xaL9RBQzAgWY%3D",
                "/blob/atelier/lab");
    }

    @Test
    void aBlobSasOfTheSdkHolds() {
        assertServiceSas(
                "se=2026-01-02T04%3A00%3A00Z&sp=r&spr=https&sv=2026-10-06&sr=b"
                        + "&sig=G2GN4g8u39vpHXVxngNznqYID8JsfPwQ90hPfLHqiqw%3D",
                "/blob/atelier/lab/a b/é");
    }

    @Test
    void anAccountSasOfTheSdkHolds() {
        String query = "se=2026-01-02T04%3A00%3A00Z&sp=rwl&sv=2026-10-06&ss=b&srt=co"
                + "&sig=R0WqPdeqQUo0DGSD1FRyl8UobJlWKsVIrEZwHF2slZs%3D";
        assertThat(StringsToSign.sign(KEY, StringsToSign.accountSas("atelier", name -> field(query, name))))
                .isEqualTo(field(query, "sig"));
    }

    @Test
    void aSharedKeyRequestOfTheSdkHolds() {
        List<Map.Entry<String, String>> headers = List.of(
                Map.entry("Content-Length", "3"),
                Map.entry("x-ms-meta-b_1", "x"),
                Map.entry("x-ms-meta-a", "y"),
                Map.entry("x-ms-blob-type", "BlockBlob"),
                Map.entry("x-ms-version", "2026-10-06"),
                Map.entry("Content-Type", "application/octet-stream"),
                Map.entry("Accept", "application/xml"),
                Map.entry("x-ms-date", "Fri, 02 Jan 2026 03:04:05 GMT"),
                Map.entry("x-ms-client-request-id", "a14dce32-e70d-11f1-9bbf-02fc00000001"));
        String text = StringsToSign.sharedKey(
                "PUT",
                headers,
                "atelier",
                "/atelier.blob.localhost/lab/a%20b/%C3%A9",
                Paths.query("timeout=30"),
                Comparator.naturalOrder());
        assertThat(StringsToSign.sign(KEY, text)).isEqualTo("p7aRd65ZJOtjitGMZDJFmGVSqe4cmgvQc+W9UV8UeLg=");
    }

    @Test
    void olderVersionsSignFewerFields() {
        Map<String, String> fields = Map.of("sv", "2017-11-09", "sp", "r", "se", "2026-01-02", "sr", "c", "rsct", "t");
        assertThat(StringsToSign.serviceSas("/blob/a/c", fields::get))
                .isEqualTo("r\n\n2026-01-02\n/blob/a/c\n\n\n\n2017-11-09\n\n\n\n\nt");
        Map<String, String> later = Map.of("sv", "2019-02-02", "sp", "r", "se", "2026-01-02", "sr", "c");
        assertThat(StringsToSign.serviceSas("/blob/a/c", later::get))
                .isEqualTo("r\n\n2026-01-02\n/blob/a/c\n\n\n\n2019-02-02\nc\n\n\n\n\n\n");
    }
}
