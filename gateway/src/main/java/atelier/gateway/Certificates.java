package atelier.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The installation's own certificate authority and the server's certificate, made once (EC P-256). Clients trust
/// `ca.pem`, or
/// `bundle.pem`, which holds the system's authorities too, so that package installs go on working.
/// The server's certificate is renewed by the same authority a month before it ends; clients need not change anything.
public final class Certificates {
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final Duration SERVER_LIFE = Duration.ofDays(397);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final List<String> NAMES = List.of(
            "localhost",
            "*.localhost",
            "*.blob.localhost",
            "*.dfs.localhost",
            "*.file.localhost",
            "*.table.localhost",
            "*.vault.localhost",
            "*.inference.localhost",
            "*.registry.localhost");
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "::1");
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
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("The certificates in " + folder + " cannot be made or read: " + e.getMessage(), e);
        }
    }

    private Path ensure(@org.jspecify.annotations.Nullable Path systemBundle)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Path authority = folder.resolve("ca.p12");
        Path server = folder.resolve("server.p12");
        if (Files.notExists(authority)) {
            makeAuthority(authority);
            Files.deleteIfExists(server);
        }
        if (Files.notExists(server) || endsSoon(server)) {
            makeServer(authority, server);
        }
        writeBundle(systemBundle);
        return server;
    }

    private void makeAuthority(Path file) throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPair keys = newKeys();
        X500Name name = new X500Name(
                "CN=Atelier local authority " + serial().toString(16).substring(0, 8));
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                serial(),
                Date.from(now.minusSeconds(3600)),
                Date.from(now.plus(CA_LIFE)),
                name,
                keys.getPublic());
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        X509Certificate certificate = sign(builder, keys.getPrivate());
        store(file, keys.getPrivate(), certificate);
        replace(folder.resolve("ca.pem"), pem(certificate));
    }

    private void makeServer(Path authorityFile, Path file)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyStore authority = load(authorityFile);
        X509Certificate issuer = (X509Certificate) authority.getCertificate("atelier");
        KeyPair keys = newKeys();
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer.getSubjectX500Principal().getName()),
                serial(),
                Date.from(now.minusSeconds(3600)),
                Date.from(now.plus(SERVER_LIFE)),
                new X500Name("CN=localhost"),
                keys.getPublic());
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(issuer));
        GeneralName[] names = java.util.stream.Stream.concat(
                        NAMES.stream().map(n -> new GeneralName(GeneralName.dNSName, n)),
                        ADDRESSES.stream().map(a -> new GeneralName(GeneralName.iPAddress, a)))
                .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        X509Certificate certificate = sign(builder, (PrivateKey) authority.getKey("atelier", password));
        store(file, keys.getPrivate(), certificate, issuer);
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

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static BigInteger serial() {
        return new BigInteger(127, new java.security.SecureRandom()).setBit(126);
    }

    private KeyStore load(Path file) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(file.toFile(), password);
    }

    private void store(Path file, PrivateKey key, Certificate... chain) throws IOException, GeneralSecurityException {
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

    private static void replace(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String pem(X509Certificate certificate) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        }
        return text.toString();
    }
}
