package io.pantograph.hub.mqtt;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The hub's own certificate authority. Clients are given {@code ca.pem} once and trust the hub for ten years; the server's certificate
 * is made anew when its names change or it grows old. Keys are RSA with 2048 bits, which every client in the field can use.
 */
final class Authority {

    /** What the door shows, and its key. */
    record Server(PrivateKey key, X509Certificate... chain) {
    }

    private static final Duration LIFE = Duration.ofDays(3_652);
    private static final Duration SERVER_LIFE = Duration.ofDays(730);
    /** So much of its life must be left when the hub starts. */
    private static final Duration SERVER_LEFT = Duration.ofDays(180);
    /** Clocks of devices go wrong. */
    private static final Duration EARLIER = Duration.ofDays(1);

    private final Path file;
    private final Path keys;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final X509Certificate certificate;
    private final PrivateKey key;

    private Authority(Path folder, Clock clock) throws IOException, GeneralSecurityException, OperatorCreationException {
        this.clock = clock;
        file = folder.resolve("ca.pem");
        keys = folder.resolve("keys");
        Files.createDirectories(keys);
        OwnerOnly.folder(keys);
        Path keyFile = keys.resolve("ca.key.pem");
        if (!Files.exists(file) && !Files.exists(keyFile)) {
            KeyPair pair = pair();
            certificate = authority(pair);
            key = pair.getPrivate();
            OwnerOnly.write(keyFile, Pem.of(key));
            OwnerOnly.publish(file, Pem.of(certificate));
            return;
        }
        try {
            certificate = Pem.certificate(Files.readString(file, StandardCharsets.US_ASCII));
            key = Pem.key(Files.readString(keyFile, StandardCharsets.US_ASCII));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the hub's authority is damaged: " + e.getMessage() + "; restore " + file + " and " + keyFile
                    + ", or delete both for a new one, which every client must then be given", e);
        }
    }

    /** The authority kept in this folder; made if there is none. */
    static Authority in(Path folder, Clock clock) throws IOException {
        try {
            return new Authority(folder, clock);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("this Java cannot make certificates: " + e.getMessage(), e);
        }
    }

    /** What clients must be given to trust the hub. */
    Path certificate() {
        return file;
    }

    /** The server's certificate: the one kept if it still serves, otherwise a new one. */
    Server server(Names names) throws IOException {
        Path certificateFile = keys.resolve("server.pem");
        Path keyFile = keys.resolve("server.key.pem");
        Optional<Server> kept = kept(certificateFile, keyFile).filter(server -> serves(server.chain()[0], names));
        if (kept.isPresent()) {
            return kept.get();
        }
        try {
            KeyPair pair = pair();
            X509Certificate made = server(pair.getPublic(), names);
            OwnerOnly.write(keyFile, Pem.of(pair.getPrivate()));
            OwnerOnly.write(certificateFile, Pem.of(made));
            return new Server(pair.getPrivate(), made, certificate);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("this Java cannot make certificates: " + e.getMessage(), e);
        }
    }

    private Optional<Server> kept(Path certificateFile, Path keyFile) {
        try {
            X509Certificate found = Pem.certificate(Files.readString(certificateFile, StandardCharsets.US_ASCII));
            found.verify(certificate.getPublicKey());
            PrivateKey itsKey = Pem.key(Files.readString(keyFile, StandardCharsets.US_ASCII));
            return Pem.belong(itsKey, found) ? Optional.of(new Server(itsKey, found, certificate)) : Optional.empty();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean serves(X509Certificate server, Names names) {
        return clock.instant().plus(SERVER_LEFT).isBefore(server.getNotAfter().toInstant()) && told(server).equals(all(names));
    }

    private static TreeSet<String> all(Names names) {
        TreeSet<String> all = new TreeSet<>(names.hosts());
        all.addAll(names.addresses());
        return all;
    }

    private static TreeSet<String> told(X509Certificate server) {
        TreeSet<String> told = new TreeSet<>();
        try {
            Collection<List<?>> names = server.getSubjectAlternativeNames();
            if (names != null) {
                names.forEach(name -> told.add(String.valueOf(name.get(1))));
            }
        } catch (java.security.cert.CertificateParsingException e) {
            told.clear();
        }
        return told;
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private X509Certificate authority(KeyPair pair) throws GeneralSecurityException, OperatorCreationException, IOException {
        // Two hubs must not have authorities of the same name, or a client that knows both mixes them up.
        X500Principal name = new X500Principal("CN=Pantograph hub " + serial().toString(36).substring(0, 8));
        Instant now = clock.instant();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(), Date.from(now.minus(EARLIER)), Date.from(now.plus(LIFE)), name,
                pair.getPublic());
        JcaX509ExtensionUtils tools = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(Extension.subjectKeyIdentifier, false, tools.createSubjectKeyIdentifier(pair.getPublic()));
        return sign(builder, pair.getPrivate());
    }

    private X509Certificate server(PublicKey of, Names names) throws GeneralSecurityException, OperatorCreationException, IOException {
        Instant now = clock.instant();
        Instant end = now.plus(SERVER_LIFE);
        Instant last = certificate.getNotAfter().toInstant();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(certificate.getSubjectX500Principal(), serial(), Date.from(now.minus(EARLIER)),
                Date.from(end.isBefore(last) ? end : last), new X500Principal("CN=localhost"), of);
        JcaX509ExtensionUtils tools = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
        builder.addExtension(Extension.subjectKeyIdentifier, false, tools.createSubjectKeyIdentifier(of));
        builder.addExtension(Extension.authorityKeyIdentifier, false, tools.createAuthorityKeyIdentifier(certificate.getPublicKey()));
        return sign(builder, key);
    }

    private static GeneralNames alternatives(Names names) {
        List<GeneralName> all = new ArrayList<>();
        names.hosts().forEach(host -> all.add(new GeneralName(GeneralName.dNSName, host)));
        names.addresses().forEach(address -> all.add(new GeneralName(GeneralName.iPAddress, address)));
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey by) throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(by)));
    }

    private BigInteger serial() {
        return new BigInteger(127, random).setBit(126);
    }
}
