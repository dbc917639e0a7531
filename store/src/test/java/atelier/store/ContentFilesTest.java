package atelier.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentFilesTest {
    @TempDir
    Path folder;

    private ContentFiles files;

    @BeforeEach
    void open() throws IOException {
        files = new ContentFiles(folder, Ids.random());
    }

    @Test
    void whatIsWrittenIsReadBackInPartsAndKnowsItsHashes() throws IOException {
        Content content = files.write(text("hello world"));
        assertThat(content.size()).isEqualTo(11);
        assertThat(content.md5()).isEqualTo("5eb63bbbe01eeed093cb22bb8f5acdc3");
        try (InputStream in = files.open(content.id(), 6, 3)) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("wor");
        }
    }

    @Test
    void aTornUploadLeavesNothing() throws IOException {
        InputStream torn = new InputStream() {
            private int left = 1000;

            @Override
            public int read() throws IOException {
                if (--left <= 0) {
                    throw new IOException("connection reset");
                }
                return 'x';
            }
        };
        assertThatThrownBy(() -> files.write(torn)).hasMessage("connection reset");
        assertThat(everyFile()).isZero();
    }

    @Test
    void moreThanTheLimitIsRefusedAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> files.write(text("12345"), 4)).isInstanceOf(Problem.TooLarge.class);
        assertThat(everyFile()).isZero();
    }

    @Test
    void deletingFreesTheBytes() throws IOException {
        Content content = files.write(text("x"));
        files.delete(content.id());
        files.delete(content.id());
        assertThat(everyFile()).isZero();
    }

    @Test
    void startingRemovesWhatACrashLeftHalfWritten() throws IOException {
        Files.writeString(folder.resolve("incoming").resolve("half"), "x");
        new ContentFiles(folder, Ids.random());
        assertThat(everyFile()).isZero();
    }

    @Test
    void aSweepFreesOldContentNobodyHolds() throws IOException {
        Content held = files.write(text("held"));
        Content orphan = files.write(text("orphan"));
        assertThat(files.sweep(java.time.Instant.EPOCH, _ -> false)).isZero();
        assertThat(files.sweep(java.time.Instant.now().plusSeconds(60), held.id()::equals))
                .isOne();
        assertThat(files.file(held.id())).exists();
        assertThat(files.file(orphan.id())).doesNotExist();
    }

    private long everyFile() throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).count();
        }
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
