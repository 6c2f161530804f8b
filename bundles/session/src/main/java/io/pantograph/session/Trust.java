package io.pantograph.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whom devices trust: Java's own authorities and those in a few files, if they are there. Read again when a file has changed, so
 * that a hub which makes its authority later is trusted at the next try.
 */
final class Trust {

    private final List<Path> files;
    private List<FileTime> read;
    private SSLContext context;

    Trust(List<Path> files) {
        this.files = files;
    }

    synchronized SSLContext context() throws IOException, GeneralSecurityException {
        List<FileTime> now = new ArrayList<>();
        for (Path file : files) {
            now.add(Files.exists(file) ? Files.getLastModifiedTime(file) : null);
        }
        if (!now.equals(read)) {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager()}, null);
            read = now;
        }
        return context;
    }

    private X509TrustManager manager() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        for (X509Certificate known : manager(null).getAcceptedIssuers()) {
            store.setCertificateEntry("java-" + count++, known);
        }
        for (Path file : files) {
            if (Files.exists(file)) {
                for (Certificate certificate : certificates(file)) {
                    store.setCertificateEntry("own-" + count++, certificate);
                }
            }
        }
        return manager(store);
    }

    private static Iterable<? extends Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(pem);
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(file + " holds no certificates in PEM: " + e.getMessage(), e);
        }
    }

    private static X509TrustManager manager(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this Java has no trust manager for X.509");
    }
}
