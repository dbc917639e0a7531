package atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.testkit.SettableClock;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.WebServer;
import atelier.web.dialects.ArmProblems;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    @TempDir
    Path folder;

    @Test
    void aClientThatTrustsTheAuthorityReachesTheServer() throws Exception {
        Path keystore = Certificates.ensure(folder, "secret", Instant::now, folder.resolve("none"));
        Routes routes = new Routes(ArmProblems.INSTANCE).open("GET", "/", _ -> Response.text(200, "hello"));
        try (WebServer server = WebServer.start(
                        List.of(new WebServer.Listener("127.0.0.1", 0, new WebServer.Tls(keystore, "secret"))),
                        routes.list(),
                        _ -> null);
                HttpClient client =
                        HttpClient.newBuilder().sslContext(trusting()).build()) {
            for (String host : List.of("localhost", "127.0.0.1")) {
                var answer = client.send(
                        HttpRequest.newBuilder(URI.create("https://" + host + ":" + server.port(0) + "/"))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.body()).isEqualTo("hello");
            }
        }
    }

    @Test
    void theServerCertificateIsRenewedByTheSameAuthority() throws Exception {
        SettableClock clock = new SettableClock();
        Path keystore = Certificates.ensure(folder, "secret", clock, null);
        String authority = Files.readString(folder.resolve("ca.pem"));
        X509Certificate first = certificate(keystore);
        Certificates.ensure(folder, "secret", clock, null);
        assertThat(certificate(keystore)).isEqualTo(first);
        clock.tick(Duration.ofDays(380));
        Certificates.ensure(folder, "secret", clock, null);
        assertThat(certificate(keystore)).isNotEqualTo(first);
        assertThat(Files.readString(folder.resolve("ca.pem"))).isEqualTo(authority);
    }

    @Test
    void theBundleHoldsTheSystemsAuthoritiesToo() throws Exception {
        Path system = Files.writeString(folder.resolve("system.pem"), "# system authorities\n");
        Path tls = folder.resolve("tls");
        Certificates.ensure(tls, "secret", Instant::now, system);
        assertThat(Files.readString(tls.resolve("bundle.pem")))
                .startsWith("-----BEGIN CERTIFICATE-----")
                .contains("# system authorities");
    }

    private static X509Certificate certificate(Path keystore) throws Exception {
        return (X509Certificate)
                KeyStore.getInstance(keystore.toFile(), "secret".toCharArray()).getCertificate("atelier");
    }

    private SSLContext trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("ca.pem"))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
