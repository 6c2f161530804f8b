package io.pantograph.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A hub's data folder, and a server that answers what it was told to, in order, and keeps what it was asked. */
final class FakeHub implements AutoCloseable {

    static final String KEY = "c2VjcmV0IGtleSBvZiB0ZXN0cyE=";
    static final String TOKEN = "watson-token-of-tests";

    private static Path made;
    private static final String PASSWORD = "for-this-test-only";

    /** What was asked, on one line; headers with names in lower case. */
    record Asked(String line, Map<String, String> headers, String body) {
    }

    record Answer(int status, String body, Map<String, String> headers) {
    }

    /** What a command printed. */
    record Run(int code, String out, String err) {
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final Path home;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Map<String, String> environment = new HashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;
    private String typed = "";

    FakeHub(Path home) throws Exception {
        this.home = home;
        Path hub = Files.createDirectories(home.resolve("hub"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        Files.copy(made.resolve("ca.pem"), hub.resolve("ca.pem"));
        Path credentials = Files.createDirectories(hub.resolve("credentials"));
        Files.writeString(hub.resolve("ports.properties"), "pantograph.hub.https.port=" + server.getAddress().getPort() + '\n');
        Files.writeString(credentials.resolve("azure.properties"), "service.connection-string=" + login() + '\n');
        Files.writeString(credentials.resolve("watson.properties"), "org=edge01\napi-key=a-edge01-0123456789\napi-token=" + TOKEN + '\n');
    }

    static String login() {
        return "HostName=127.0.0.1;SharedAccessKeyName=iothubowner;SharedAccessKey=" + KEY;
    }

    // Once for all tests: keytool takes its time.
    private static synchronized SSLContext tls() throws Exception {
        if (made == null) {
            Path fresh = Files.createTempDirectory(Files.createDirectories(Path.of("target", "keys")), "hub-");
            keytool(fresh.resolve("test.p12"), "-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1,dns:localhost");
            keytool(fresh.resolve("test.p12"), "-exportcert", "-rfc", "-file", fresh.resolve("ca.pem").toString());
            made = fresh;
        }
        Path file = made.resolve("test.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "hub", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        asked.add(new Asked(exchange.getRequestMethod() + ' ' + exchange.getRequestURI().toASCIIString().replace("?api-version=2021-04-12", "").replace("&", " "),
                headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Answer answer = answers.poll();
        try (exchange) {
            if (answer == null) {
                exchange.sendResponseHeaders(500, -1);
                return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    FakeHub answer(int status, String body) {
        return answer(status, body, Map.of());
    }

    FakeHub answer(int status, String body, Map<String, String> headers) {
        answers.add(new Answer(status, body, headers));
        return this;
    }

    /** What is typed. */
    FakeHub typing(String text) {
        typed = text;
        return this;
    }

    FakeHub with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs a command on this hub's data folder. */
    Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--home=" + home);
        return bare(all.toArray(String[]::new));
    }

    Run bare(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new Screen(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), new PrintWriter(out), new PrintWriter(err), false,
                environment::get), arguments);
        return new Run(code, out.toString(), err.toString());
    }

    /** What was asked at this place, on one line. */
    String line(int number) {
        return asked.get(number).line();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
