package io.pantograph.session;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.wire.ClientCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whom devices trust: Java's own authorities and those in a few files, if they are there; and what they show. Read again when a file
 * has changed, so that a hub which makes its authority later is trusted at the next try.
 */
final class Trust {

    /** Kept for so many certificates; for more, the one that was not used for longest is read again. */
    private static final int MOST = 1000;

    /** What was made of files. @param as they were then */
    private record Made(List<Object> as, SSLContext context) {
    }

    private final Path home;
    private final List<Path> files;
    private final Map<Optional<ClientCertificate>, Made> made = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Optional<ClientCertificate>, Made> eldest) {
            return size() > MOST;
        }
    };

    /** @param home the folder to which the names of certificates are relative */
    Trust(Path home, List<String> files) {
        this.home = home;
        this.files = files.stream().map(home::resolve).toList();
    }

    /** @throws NoLoginException BAD_CREDENTIAL if there is no such certificate to show */
    synchronized SSLContext context(Optional<ClientCertificate> shown) throws IOException, GeneralSecurityException, NoLoginException {
        ClientKey key = shown.map(one -> new ClientKey(home, one)).orElse(null);
        List<Object> now = new ArrayList<>();
        for (Path file : files) {
            now.add(state(file));
        }
        if (key != null) {
            now.add(state(key.certificate()));
            now.add(state(key.key()));
        }
        Made last = made.get(shown);
        if (last == null || !last.as().equals(now)) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(key == null ? null : key.managers(), new TrustManager[] {manager()}, null);
            last = new Made(now, context);
            made.put(shown, last);
        }
        return last.context();
    }

    private static Object state(Path file) throws IOException {
        return Files.exists(file) ? List.of(Files.getLastModifiedTime(file), Files.size(file)) : "none";
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
