package io.pantograph.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pantograph.api.hub.HubEndpoints;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A hub that gives one jar, and does what it is told instead with the requests that come first. */
final class JarServer implements AutoCloseable {

    private static final String PASSWORD = "for-this-test-only";

    interface Instead {
        void answer(HttpExchange exchange, byte[] jar) throws IOException;
    }

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Instead> instead = new ConcurrentLinkedDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Path authority;

    /** The header Range of each request, or "-". */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    volatile byte[] jar;

    /** @param folder for its keys, made once */
    JarServer(Path folder, byte[] jar) throws Exception {
        this.jar = jar;
        KeyStore keys = keys(folder.resolve("keys.p12"));
        authority = Files.writeString(folder.resolve("authority.pem"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getCertificate("hub").getEncoded()) + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private static KeyStore keys(Path file) throws Exception {
        if (!Files.exists(file)) {
            make(file);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void make(Path file) throws Exception {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "hub",
                "-keyalg", "EC", "-dname", "CN=hub", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "30", "-storetype", "PKCS12",
                "-keystore", file.toString(), "-storepass", PASSWORD).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException(said);
        }
    }

    URI url() {
        return url("localhost");
    }

    URI url(String host) {
        return URI.create("https://" + host + ':' + server.getAddress().getPort() + "/artifacts/some");
    }

    Path authority() {
        return authority;
    }

    /** The next request that nobody has thought of yet is answered like this. */
    JarServer next(Instead answer) {
        instead.add(answer);
        return this;
    }

    /** Half of what was asked for, then nothing: the connection is closed. */
    JarServer cutsAt(int count) {
        return next((exchange, whole) -> {
            int from = start(exchange, whole);
            exchange.getResponseBody().write(whole, from, count);
            exchange.getResponseBody().flush();
            throw new IOException("cut"); // the server closes the connection
        });
    }

    /** The connection stays open, and nothing comes any more. */
    JarServer stallsAt(int count) {
        return next((exchange, whole) -> {
            int from = start(exchange, whole);
            exchange.getResponseBody().write(whole, from, count);
            exchange.getResponseBody().flush();
            try {
                closed.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    JarServer says(int status, String... headers) {
        return next((exchange, whole) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(range == null ? "-" : range);
        Instead other = instead.poll();
        if (other != null) {
            other.answer(exchange, jar);
            return;
        }
        int from = start(exchange, jar);
        if (from < jar.length) {
            exchange.getResponseBody().write(jar, from, jar.length - from);
        }
        exchange.close();
    }

    private static int start(HttpExchange exchange, byte[] whole) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            exchange.sendResponseHeaders(200, whole.length);
            return 0;
        }
        int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= whole.length) {
            exchange.sendResponseHeaders(416, -1);
            return whole.length;
        }
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + '-' + (whole.length - 1) + '/' + whole.length);
        exchange.sendResponseHeaders(206, whole.length - from);
        return from;
    }

    /** As the hub in the same box is announced. */
    HubEndpoints endpoints() {
        return new HubEndpoints() {
            @Override
            public String host() {
                return "localhost";
            }

            @Override
            public int mqtt() {
                return 1;
            }

            @Override
            public int mqtts() {
                return 1;
            }

            @Override
            public int https() {
                return server.getAddress().getPort();
            }

            @Override
            public int http() {
                return 1;
            }

            @Override
            public Path authority() {
                return authority;
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    static byte[] part(byte[] bytes, int count) {
        return Arrays.copyOf(bytes, count);
    }
}
