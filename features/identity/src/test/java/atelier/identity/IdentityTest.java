package atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final Caller JOB = new Caller("job:train", "22222222-2222-2222-2222-222222222222", Caller.Kind.JOB);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private IdentityFeature identity;

    @BeforeEach
    void start() throws IOException {
        identity = IdentityFeature.create(folder.resolve("secrets"), clock, Ids.random());
    }

    @Test
    void secretsAreReadableByTheOwnerAloneAndStay() throws IOException {
        Path token = folder.resolve("secrets/owner.token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        IdentityFeature again = IdentityFeature.create(folder.resolve("secrets"), clock, Ids.random());
        assertThat(again.tokens().ownerToken()).isEqualTo(identity.tokens().ownerToken());
    }

    @Test
    void aTokenNamesItsCallerUntilItExpires() {
        String token = identity.tokens().issue(JOB, "https://ml.azure.com", Duration.ofHours(1));
        assertThat(identity.tokens().verify(token)).isEqualTo(JOB);
        clock.tick(Duration.ofHours(1));
        assertThatThrownBy(() -> identity.tokens().verify(token))
                .isInstanceOf(Problem.Unauthenticated.class)
                .hasMessageContaining("expired");
    }

    @Test
    void foreignAndForgedTokensAreRefused() throws IOException {
        IdentityFeature other = IdentityFeature.create(folder.resolve("other"), clock, Ids.random());
        String foreign = other.tokens().issue(JOB, "x", Duration.ofHours(1));
        String[] parts = identity.tokens().issue(JOB, "x", Duration.ofHours(1)).split("\\.");
        String unsigned = "eyJhbGciOiJub25lIn0." + parts[1] + ".";
        for (String token : new String[] {foreign, unsigned, "", "abc", parts[0] + "." + parts[1] + ".AAAA"}) {
            assertThatThrownBy(() -> identity.tokens().verify(token)).isInstanceOf(Problem.Unauthenticated.class);
        }
    }

    @Test
    void aSignedLinkOpensItsPathOnlyAndNotForever() {
        String[] query = identity.links().sign("/logs/a", Duration.ofMinutes(5)).split("[=&]");
        assertThat(identity.links().opens("/logs/a", query[1], query[3])).isTrue();
        assertThat(identity.links().opens("/logs/b", query[1], query[3])).isFalse();
        assertThat(identity.links().opens("/logs/a", query[1] + "0", query[3])).isFalse();
        clock.tick(Duration.ofMinutes(5));
        assertThat(identity.links().opens("/logs/a", query[1], query[3])).isFalse();
    }

    @Test
    void aStudioCodeWorksOnce() {
        StudioLinks links = new StudioLinks(clock, Ids.random());
        String code = links.newCode();
        assertThat(links.redeem(code)).isTrue();
        assertThat(links.redeem(code)).isFalse();
        String late = links.newCode();
        clock.tick(Duration.ofMinutes(11));
        assertThat(links.redeem(late)).isFalse();
    }
}
