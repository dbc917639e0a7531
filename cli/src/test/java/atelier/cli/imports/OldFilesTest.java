package atelier.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.cli.CliError;
import atelier.cli.imports.OldFiles.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldFilesTest {
    @TempDir
    Path folder;

    private OldFiles files(String... mappings) {
        return new OldFiles(List.of(mappings), folder::resolve, Remote.NONE);
    }

    @Test
    void addressesOfThisMachineAreFolders() {
        assertThat(files().find("./mlruns/0/r/artifacts"))
                .isEqualTo(new Place.Local(folder.resolve("./mlruns/0/r/artifacts")));
        assertThat(files().find("file:///srv/my%20runs/0")).isEqualTo(new Place.Local(Path.of("/srv/my runs/0")));
        assertThat(files().find("/srv/runs")).isEqualTo(new Place.Local(Path.of("/srv/runs")));
    }

    @Test
    void filesInACloudStayThere() {
        assertThat(files().find("s3://bucket/0/r/artifacts"))
                .isEqualTo(new Place.Elsewhere("s3://bucket/0/r/artifacts"));
    }

    @Test
    void filesOfAServerAreNowhereUnlessItIsSaidWhere() throws IOException {
        Files.createDirectory(folder.resolve("kept"));
        assertThat(files().find("mlflow-artifacts:/0/r/artifacts")).isInstanceOf(Place.Nowhere.class);
        assertThat(files("mlflow-artifacts:/=kept").find("mlflow-artifacts:/0/r/artifacts"))
                .isEqualTo(new Place.Local(folder.resolve("kept/0/r/artifacts")));
    }

    @Test
    void aMappingToNowhereIsRefused() {
        assertThatThrownBy(() -> files("./mlruns=nothing"))
                .isInstanceOf(CliError.class)
                .hasMessageContaining("no folder");
        assertThatThrownBy(() -> files("./mlruns")).isInstanceOf(CliError.class).hasMessageContaining("FROM=FOLDER");
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        Path run = Files.createDirectories(folder.resolve("run/deep"));
        Files.writeString(run.resolve("a.txt"), "a");
        Files.createSymbolicLink(run.resolve("link"), secret);
        assertThat(OldFiles.list(folder.resolve("run"))).containsExactly("deep/a.txt");
    }
}
