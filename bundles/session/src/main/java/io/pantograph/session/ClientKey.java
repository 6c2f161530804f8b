package io.pantograph.session;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.wire.ClientCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManager;

/** Reads a device's certificate and its key. Whatever is wrong with them is told with the file's name and a remedy, and never with what is in it. */
final class ClientKey {

    private static final long MOST_BYTES = 1024 * 1024;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final Path certificate;
    private final Path key;

    ClientKey(Path home, ClientCertificate shown) {
        certificate = home.resolve(shown.certificate());
        key = home.resolve(shown.key());
    }

    Path certificate() {
        return certificate;
    }

    Path key() {
        return key;
    }

    /** @throws NoLoginException BAD_CREDENTIAL */
    KeyManager[] managers() throws NoLoginException, GeneralSecurityException {
        X509Certificate[] chain = chain();
        PrivateKey secret = secret(chain[0].getPublicKey());
        if (!belongs(secret, chain[0].getPublicKey())) {
            throw wrong("the key in " + key + " does not belong to the first certificate in " + certificate
                    + "; the device's own certificate comes first, then those that issued it");
        }
        return new KeyManager[] {new OneKey(secret, chain)};
    }

    private X509Certificate[] chain() throws NoLoginException {
        byte[] pem = read(certificate, "the device's certificate");
        try {
            Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (all.isEmpty()) {
                throw wrong(certificate + " holds no certificate; it must be in PEM: -----BEGIN CERTIFICATE----- ...");
            }
            return all.toArray(new X509Certificate[0]);
        } catch (GeneralSecurityException e) {
            throw wrong(certificate + " holds no certificate in PEM that could be read (" + e.getMessage() + ")");
        }
    }

    private PrivateKey secret(PublicKey other) throws NoLoginException {
        String pem = new String(read(key, "the device's private key"), StandardCharsets.ISO_8859_1);
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw wrong(pem.contains("BEGIN RSA PRIVATE KEY") || pem.contains("BEGIN EC PRIVATE KEY") || pem.contains("BEGIN ENCRYPTED PRIVATE KEY")
                    ? key + " holds a private key, but not in PKCS#8 without a password; convert it: " + remedy()
                    : key + " holds no private key in PEM (" + BEGIN + " ...)");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            return KeyFactory.getInstance(other.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw wrong(key + " holds no private key of the kind " + other.getAlgorithm() + ", which the certificate in " + certificate
                    + " needs; make it anew from the right one: " + remedy());
        }
    }

    private String remedy() {
        return "openssl pkcs8 -topk8 -nocrypt -in " + key.getFileName() + " -out " + key.getFileName() + ".pkcs8";
    }

    private static boolean belongs(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
        String way = switch (open.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> open.getAlgorithm();
        };
        byte[] text = "whose".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(way);
        signature.initSign(secret);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(text);
        return signature.verify(signed);
    }

    private static byte[] read(Path file, String what) throws NoLoginException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw wrong(file + " is larger than " + MOST_BYTES + " bytes; it should hold " + what + " in PEM");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw wrong("there is no file " + file + "; put " + what + " there, in PEM");
        } catch (IOException e) {
            throw wrong(file + " cannot be read (" + e + "); it should hold " + what + " in PEM");
        }
    }

    private static NoLoginException wrong(String message) {
        return new NoLoginException(Reason.BAD_CREDENTIAL, message);
    }
}
