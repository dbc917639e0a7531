package atelier.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// The installation's own certificate authority and the server's certificate, made once (EC P-256). Clients trust
/// `ca.pem`, or
/// `bundle.pem`, which holds the system's authorities too, so that package installs go on working.
/// The server's certificate is renewed by the same authority a month before it ends; clients need not change anything.
public final class Certificates {
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final List<Path> SYSTEM_BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));
    private final Path folder;
    private final char[] password;
    private final InstantSource clock;

    private Certificates(Path folder, String password, InstantSource clock) {
        this.folder = folder;
        this.password = password.toCharArray();
        this.clock = clock;
    }

    /// Makes what is missing in `folder`: `ca.p12`, `ca.pem`, `bundle.pem`, `server.p12`. Returns the server's
    /// keystore.
    ///
    /// @param systemBundle the system's authorities as PEM; null looks in the usual places
    public static Path ensure(
            Path folder, String password, InstantSource clock, @org.jspecify.annotations.Nullable Path systemBundle)
            throws IOException {
        Certificates certificates = new Certificates(folder, password, clock);
        Files.createDirectories(folder);
        try {
            return certificates.ensure(systemBundle);
        } catch (GeneralSecurityException e) {
            throw new IOException("The certificates in " + folder + " cannot be made or read: " + e.getMessage(), e);
        }
    }

    private Path ensure(@org.jspecify.annotations.Nullable Path systemBundle)
            throws IOException, GeneralSecurityException {
        Path authority = folder.resolve("ca.p12");
        Path server = folder.resolve("server.p12");
        if (Files.notExists(authority)) {
            new CertificateMaker(this, clock).makeAuthority(authority);
            Files.deleteIfExists(server);
        }
        if (Files.notExists(server) || endsSoon(server)) {
            new CertificateMaker(this, clock).makeServer(authority, server);
        }
        writeBundle(systemBundle);
        return server;
    }

    private boolean endsSoon(Path server) throws IOException, GeneralSecurityException {
        X509Certificate certificate = (X509Certificate) load(server).getCertificate("atelier");
        return certificate.getNotAfter().toInstant().isBefore(clock.instant().plus(RENEW_BEFORE));
    }

    private void writeBundle(@org.jspecify.annotations.Nullable Path systemBundle) throws IOException {
        StringBuilder bundle = new StringBuilder(Files.readString(folder.resolve("ca.pem")));
        Path system = systemBundle != null && Files.isReadable(systemBundle)
                ? systemBundle
                : SYSTEM_BUNDLES.stream().filter(Files::isReadable).findFirst().orElse(null);
        if (system != null && !system.startsWith(folder)) {
            bundle.append(Files.readString(system));
        }
        Path target = folder.resolve("bundle.pem");
        if (Files.notExists(target) || !Files.readString(target).contentEquals(bundle)) {
            replace(target, bundle.toString());
        }
    }

    char[] password() {
        return password;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    KeyStore load(Path file) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(file.toFile(), password);
    }

    void store(Path file, PrivateKey key, Certificate... chain) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        store.setKeyEntry("atelier", key, password, chain);
        Path temporary = folder.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(temporary)) {
            store.store(out, password);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void replace(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
