package atelier.environments.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UvSettingsTest {
    private static final Path CACHE = Path.of("/data/cache/uv");

    @Test
    void pipsIndexBecomesUvs() {
        Map<String, String> settings = UvSettings.of(Map.of(), """
                global.index-url='https://one.example/simple'
                global.extra-index-url='\\nhttps://two.example/simple\\nhttps://three.example/simple'
                global.cert='/ca.pem'
                """, CACHE);

        assertThat(settings)
                .containsEntry("UV_DEFAULT_INDEX", "https://one.example/simple")
                .containsEntry("UV_INDEX", "https://two.example/simple https://three.example/simple")
                .containsEntry("SSL_CERT_FILE", "/ca.pem")
                .containsEntry("UV_CACHE_DIR", "/data/cache/uv");
    }

    @Test
    void aVariableOfPipWinsOverItsFileAndUvsOwnOverBoth() {
        String pip = ":env:.index-url='https://env.example'\nglobal.index-url='https://file.example'\n";

        assertThat(UvSettings.of(Map.of(), pip, CACHE)).containsEntry("UV_DEFAULT_INDEX", "https://env.example");
        assertThat(UvSettings.of(Map.of("UV_INDEX_URL", "https://uv.example"), pip, CACHE))
                .doesNotContainKey("UV_DEFAULT_INDEX");
    }

    @Test
    void aFolderOfWheelsThatIsNotThereIsPassedOver(@TempDir Path folder) {
        String pip = ":env:.find-links='/not/there " + folder + "'\n:env:.no-index='true'";

        assertThat(UvSettings.of(Map.of(), pip, CACHE))
                .containsEntry("UV_FIND_LINKS", folder.toString())
                .containsEntry("UV_NO_INDEX", "1");
    }

    @Test
    void packagesNeverGoIntoTheEnvironmentOfTheServer() {
        assertThat(UvSettings.of(Map.of("VIRTUAL_ENV", "/venv"), "", CACHE)).containsEntry("VIRTUAL_ENV", "");
    }
}
