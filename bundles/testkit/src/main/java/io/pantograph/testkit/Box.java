package io.pantograph.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * One of the product's executable jars, run as its users run it: a process of its own on a home folder. Whatever it prints is
 * kept in {@code HOME.log} beside the home. Closing it ends it as Ctrl-C does.
 */
public final class Box implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final Path log;
    private final Process process;

    private Box(Path home, Path log, Process process) {
        this.home = home;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a box; returns at once.
     *
     * @param jar the executable jar
     * @param settings system properties beside {@code pantograph.home}
     */
    public static Box start(Path jar, Path home, Map<String, String> settings, String... jvmArguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmArguments));
        command.add("-Dpantograph.home=" + home);
        settings.forEach((key, value) -> command.add("-D" + key + '=' + value));
        command.add("-jar");
        command.add(jar.toString());
        Path log = home.resolveSibling(home.getFileName() + ".log");
        Files.createDirectories(log.toAbsolutePath().getParent());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new Box(home, log, process);
    }

    /** Starts a hub, or a box with one, on free ports, and waits until it takes connections. */
    public static Box startHub(Path jar, Path home, Map<String, String> settings) throws IOException {
        Files.deleteIfExists(home.resolve("hub").resolve("ports.properties")); // left by one that was killed
        Properties free = new Properties();
        List.of("mqtt", "mqtts", "https", "http").forEach(port -> free.put("pantograph.hub." + port + ".port", "0"));
        settings.forEach(free::put);
        Map<String, String> all = new java.util.TreeMap<>();
        free.forEach((key, value) -> all.put((String) key, (String) value));
        Box box = start(jar, home, all);
        box.awaitHub();
        return box;
    }

    /** Waits until the hub takes connections. @throws IllegalStateException with what it printed, if it does not */
    public void awaitHub() throws IOException {
        Path ports = home.resolve("hub").resolve("ports.properties");
        await("a hub that listens", () -> Files.exists(ports));
    }

    /** The real port of a setting such as {@code pantograph.hub.mqtts.port}. */
    public int port(String setting) throws IOException {
        return Integer.parseInt(properties("hub/ports.properties").getProperty(setting));
    }

    /** The hub's {@code org}, {@code api-key} and {@code api-token}. */
    public Properties watson() throws IOException {
        return properties("hub/credentials/watson.properties");
    }

    /** The hub's {@code service.connection-string}, {@code dps.id-scope} and {@code dps.group-key}. */
    public Properties azure() throws IOException {
        return properties("hub/credentials/azure.properties");
    }

    private Properties properties(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve(file))) {
            properties.load(reader);
        }
        return properties;
    }

    /** Trusts the hub's own authority and nobody else. */
    public KeyStore trust() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(home.resolve("hub").resolve("ca.pem"))) {
            store.setCertificateEntry("hub", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        return store;
    }

    /** TLS that trusts the hub's own authority and nobody else. */
    public SSLContext tls() throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    public Path home() {
        return home;
    }

    public long pid() {
        return process.pid();
    }

    /** All it has printed, over all starts on this home. */
    public String printed() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new IllegalStateException(log + " cannot be read", e);
        }
    }

    /** Waits until it has printed this. */
    public void awaitPrinted(String text) {
        await("'" + text + "' on its screen", () -> printed().contains(text));
    }

    private void await(String what, BooleanSupplier there) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!there.getAsBoolean()) {
            if (!process.isAlive() && !there.getAsBoolean()) {
                throw new IllegalStateException("waited for " + what + ", but the box ended with " + process.exitValue() + ":\n" + printed());
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("waited " + PATIENCE + " in vain for " + what + ":\n" + printed());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20); // the only way to wait for another process' file
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits for its end by itself. @return the exit code */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the box did not end within " + PATIENCE + ":\n" + printed());
        }
        return process.exitValue();
    }

    /** Ends it as Ctrl-C does. @return how long that took */
    public Duration stop() throws InterruptedException {
        Instant begin = Instant.now();
        process.destroy();
        awaitExit();
        return Duration.between(begin, Instant.now());
    }

    /** kill -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
