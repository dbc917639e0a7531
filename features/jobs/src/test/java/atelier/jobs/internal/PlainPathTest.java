package atelier.jobs.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainPathTest {
    @TempDir
    Path folder;

    @Test
    void aPlainPathStaysAsItIs() {
        assertThat(PlainPath.of(folder)).isEqualTo(folder);
    }

    @Test
    void aPathWithSpacesIsSeenThroughTheSameLinkEachTime() throws IOException {
        Path spaced = Files.createDirectories(folder.resolve("my data (1)/jobs"));
        Path link = PlainPath.of(spaced);
        try {
            Files.writeString(spaced.resolve("a.txt"), "there");
            assertThat(link.toString()).doesNotContain(" ");
            assertThat(link.resolve("a.txt")).hasContent("there");
            assertThat(PlainPath.of(spaced)).isEqualTo(link);
        } finally {
            Files.delete(link);
        }
    }
}
