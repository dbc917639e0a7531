package atelier.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.cli.CliError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotTest {
    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /// The expected hashes were computed by azure-ai-ml 1.35.2 on the same files.
    @Test
    void hashesAreThoseOfTheOfficialClient() throws IOException {
        write("main.py", "print(1)\n");
        write("sub/util.py", "x");
        write("sub/__pycache__/u.pyc", "junk");
        write("B/b.txt", "b");
        write("notes.tmp", "secret\n");
        write(".amlignore", "__pycache__/\n*.tmp\n");
        assertThat(Snapshot.of(folder).contentHash())
                .isEqualTo("f823e651dddfd8b93fb37177591ca615dedfc446ae2741f9588ad5110c12a0ea");
        assertThat(Snapshot.of(folder).objectHash())
                .isEqualTo("0de663c08324976005abc1fea88c20a5d3b233c6b760cfaf40b3ac3f4c4a7b12");
        assertThat(Snapshot.of(folder.resolve("main.py")).contentHash())
                .isEqualTo("33da73e9d1b5f9238d4aca4ab7eac7b709ca9c864e2c94f9d3c89ebc99f17b68");
        assertThat(Snapshot.of(folder.resolve("main.py")).objectHash())
                .isEqualTo("be8e1ccd5bbcf8736e49e2bd0fe5d827c4332a4b6c1975d480092b1fa0cc9d74");
    }

    @Test
    void ignoredFilesAreLeftOut() throws IOException {
        write("main.py", "");
        write("sub/__pycache__/u.pyc", "");
        write(".gitignore", "__pycache__/\n");
        assertThat(Snapshot.of(folder).entries())
                .extracting(Snapshot.Entry::name)
                .containsExactlyInAnyOrder(".gitignore", "main.py");
    }

    @Test
    void anEmptyFolderIsAMistake() {
        assertThatThrownBy(() -> Snapshot.of(folder))
                .isInstanceOf(CliError.class)
                .hasMessageContaining("no files");
    }

    @Test
    void nothingThereIsAMistake() {
        assertThatThrownBy(() -> Snapshot.of(folder.resolve("gone")))
                .hasMessageContaining("There is no file or folder");
    }

    @ParameterizedTest
    @CsvSource({
        "*.py, a/b.py, true",
        "*.py, a/b.pyc, false",
        "/a, a, true",
        "/a, b/a, false",
        "a/, a, false",
        "a/, x/a/b, true",
        "a/b, a/b/c, true",
        "a/b, x/a/b, false",
        "**/x, a/b/x, true",
        "x/**, x/y/z, true",
        "a/**/b, a/b, true",
        "a/**/b, a/c/d/b, true",
        "[ab].c, x/b.c, true",
        "q?.t, qq.t, true",
        "dir/*.log, dir/sub/a.log, false"
    })
    void patternsAreGits(String pattern, String path, boolean matches) {
        assertThat(path.matches(IgnoreFile.regex(pattern))).isEqualTo(matches);
    }

    @Test
    void theLastMatchingPatternWins() throws IOException {
        write("a.log", "");
        write("keep.log", "");
        write(".amlignore", "# logs\n*.log\n!keep.log\n");
        IgnoreFile ignore = IgnoreFile.of(folder);
        assertThat(ignore.excludes(folder.resolve("a.log"))).isTrue();
        assertThat(ignore.excludes(folder.resolve("keep.log"))).isFalse();
    }
}
