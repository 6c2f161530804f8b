package io.pantograph.deploy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.testkit.PlainSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetcherTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    static Path keys;

    @TempDir
    Path folder;

    private byte[] jar;
    private String sha256;
    private JarServer server;
    private PlainSettings settings;
    private Artifacts artifacts;
    private Optional<HubEndpoints> hub;

    @BeforeEach
    void start() throws Exception {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        jar = Jars.bundle().entry("noise", noise).bytes();
        sha256 = hash(jar);
        server = new JarServer(keys, jar);
        settings = new PlainSettings(Files.createDirectories(folder.resolve("home")));
        artifacts = new Artifacts(settings.home().resolve("deploy/artifacts"));
        hub = Optional.of(server.endpoints());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Artifacts.sha256().digest(bytes));
    }

    private Fetcher fetcher() {
        return new Fetcher(settings, () -> hub, artifacts, Duration.ofMillis(5), Duration.ofMillis(700));
    }

    private String refused(URI url, String wanted, Duration within) {
        return assertThrows(RefusedException.class, () -> fetcher().fetch(url, wanted, within)).getMessage();
    }

    private void assertHere() throws Exception {
        assertArrayEquals(jar, Files.readAllBytes(artifacts.jar(sha256)));
        assertFalse(Files.exists(artifacts.part(sha256)));
    }

    @Test
    void fetchesOnce() throws Exception {
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
        fetcher().fetch(server.url(), sha256, LONG);
        assertEquals(List.of("-"), server.requests);
    }

    @Test
    void goesOnWhereItWasCut() throws Exception {
        server.cutsAt(100_000).cutsAt(50_000);
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
        assertEquals(3, server.requests.size());
        assertEquals("-", server.requests.get(0));
        // What was read before the cut may be less than what was sent.
        assertTrue(server.requests.get(1).matches("bytes=[1-9]\\d{3,}-"), server.requests.toString());
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        Files.write(artifacts.part(sha256), JarServer.part(jar, 200_000));
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
        assertEquals(List.of("bytes=200000-"), server.requests);
    }

    @Test
    void beginsAnewIfWhatWasThereBeforeIsSpoilt() throws Exception {
        Files.write(artifacts.part(sha256), new byte[200_000]);
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
        assertEquals(List.of("bytes=200000-", "-"), server.requests);
        Files.delete(artifacts.jar(sha256));
        Files.write(artifacts.part(sha256), new byte[jar.length + 10]);
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
    }

    // Cut between the last byte and the name.
    @Test
    void takesAPartThatIsWholeAlready() throws Exception {
        Files.write(artifacts.part(sha256), jar);
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
    }

    @Test
    void countsASilentConnectionAsCut() throws Exception {
        server.stallsAt(100_000);
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
        assertEquals(2, server.requests.size());
    }

    @Test
    void triesAgainWhenTheHubIsBusy() throws Exception {
        server.says(503).says(429).says(500);
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
        assertEquals(4, server.requests.size());
    }

    @Test
    void followsTheHubWithinItself() throws Exception {
        server.says(302, "Location", "/elsewhere").says(307, "Location", server.url("127.0.0.1").toString());
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
    }

    @Test
    void followsTheHubToNobodyElse() throws Exception {
        server.says(302, "Location", "https://example.com/x.jar");
        assertEquals("nothing is fetched from https://example.com/x.jar, but from the hub only, which is localhost; put the jar there",
                refused(server.url(), sha256, LONG));
        server.says(302, "Location", "http://localhost/x.jar");
        assertTrue(refused(server.url(), sha256, LONG).startsWith("nothing is fetched from http://localhost/x.jar, since it is no address of the form https"));
        server.says(302, "Location", "/a").says(302, "Location", "/a").says(302, "Location", "/a").says(302, "Location", "/a");
        assertTrue(refused(server.url(), sha256, LONG).contains("but says 302"));
        assertFalse(artifacts.has(sha256));
    }

    @Test
    void throwsAwayWhatHasAnotherHash() throws Exception {
        byte[] other = Jars.bundle().entry("x", new byte[10]).bytes();
        server.jar = other;
        assertEquals("what came from " + server.url() + " has the sha256 " + hash(other) + ", not " + sha256
                + ", and is thrown away; put the right jar there, or give its hash", refused(server.url(), sha256, LONG));
        assertEquals(1, server.requests.size());
        assertFalse(artifacts.has(sha256) || artifacts.has(hash(other)) || Files.exists(artifacts.part(sha256)));
    }

    @Test
    void throwsAwayWhatIsNoJar() throws Exception {
        server.jar = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertEquals("what was handed in is no whole jar; send it again", refused(server.url(), hash(server.jar), LONG));
        assertFalse(artifacts.has(hash(server.jar)) || Files.exists(artifacts.part(hash(server.jar))));
    }

    // Whatever the length in its header says.
    @Test
    void stopsWhenItIsTooLarge() throws Exception {
        server.next((exchange, whole) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 20];
            for (int i = 0; i < 40; i++) {
                exchange.getResponseBody().write(much);
            }
            exchange.close();
        });
        assertTrue(refused(server.url(), sha256, LONG).startsWith("the jar has more than 33554432 bytes"));
        assertFalse(artifacts.has(sha256) || Files.exists(artifacts.part(sha256)));
    }

    @Test
    void saysWhatTheHubDoesNotHave() throws Exception {
        server.says(404);
        assertEquals("the hub does not give " + server.url() + " but says 404; put the jar there first", refused(server.url(), sha256, LONG));
    }

    @Test
    void givesUpInTimeAndKeepsWhatHasCome() throws Exception {
        server.cutsAt(100_000);
        for (int i = 0; i < 1000; i++) {
            server.says(503);
        }
        String why = refused(server.url(), sha256, Duration.ofMillis(1_000));
        assertEquals(server.url() + " did not come within 1 s: the hub says 503; ask again when the hub can be reached, what has come so far is kept", why);
        assertTrue(Files.size(artifacts.part(sha256)) > 1_000);
    }

    @Test
    void endsAtOnceWhenInterrupted() {
        server.next((exchange, whole) -> {
            throw new IOException("cut");
        });
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> fetcher().fetch(server.url(), sha256, LONG));
    }

    @Test
    void trustsTheConfiguredAuthorityOnly() throws Exception {
        hub = Optional.empty();
        settings.with(Fetcher.HOST, "localhost");
        assertTrue(refused(server.url(), sha256, LONG).startsWith("the hub's certificate is not trusted ("), "no authority");
        Files.createDirectories(settings.home().resolve("conf"));
        Files.copy(server.authority(), settings.home().resolve("conf/ca.pem"));
        fetcher().fetch(server.url(), sha256, LONG);
        assertHere();
    }

    @ParameterizedTest
    @CsvSource({
        "http://hub.example/a.jar, hub.example, 'nothing is fetched from http://hub.example/a.jar, since it is no address of the form https://HOST/PATH'",
        "file:/etc/passwd, hub.example, 'nothing is fetched from file:///etc/passwd, since it is no address'",
        "https://me:secret@hub.example/a.jar, hub.example, 'nothing is fetched from https://hub.example/a.jar, since it is no address'",
        "https://other.example/a.jar, hub.example, 'nothing is fetched from https://other.example/a.jar, but from the hub only, which is hub.example'",
        "https://hub.example.other/a.jar, hub.example, nothing is fetched",
        "https://localhost/a.jar, hub.example, nothing is fetched",
        "https://hub.example/a.jar, '', 'nothing is fetched from https://hub.example/a.jar, since this gateway has no hub; set pantograph.gateway.host'",
        "https://HUB.example:8443/a.jar, hub.Example, ''",
        "'https://[::1]:8443/a.jar', ::1, ''",
    })
    void asksTheConfiguredHubOnly(URI url, String host, String refusal) throws Exception {
        hub = Optional.empty();
        if (!host.isEmpty()) {
            settings.with(Fetcher.HOST, host);
        }
        if (refusal.isEmpty()) {
            fetcher().check(url);
        } else {
            String said = assertThrows(RefusedException.class, () -> fetcher().check(url)).getMessage();
            assertTrue(said.startsWith(refusal), said);
        }
    }

    // The box's own hub is the hub only as long as no other one is set.
    @Test
    void theSettingCountsBeforeTheHubInTheSameBox() throws Exception {
        fetcher().check(URI.create("https://127.0.0.1/a.jar"));
        settings.with(Fetcher.HOST, "hub.example");
        assertThrows(RefusedException.class, () -> fetcher().check(URI.create("https://localhost/a.jar")));
    }

    // --- the store itself

    @Test
    void keepsNothingThatIsTornOrTooLarge() throws Exception {
        String taken = artifacts.take(new ByteArrayInputStream(jar));
        assertEquals(sha256, taken);
        assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(artifacts.jar(taken))));
        assertThrows(RefusedException.class, () -> artifacts.take(new ByteArrayInputStream(JarServer.part(jar, 1000))));
        assertThrows(RefusedException.class, () -> artifacts.take(new java.io.SequenceInputStream(new ByteArrayInputStream(jar),
                new ByteArrayInputStream(new byte[(int) Inspection.MAX_JAR]))));
        try (var files = Files.list(artifacts.part("x").getParent())) {
            assertEquals(List.of(sha256 + ".jar"), files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void noticesWhatWasSpoilt() throws Exception {
        artifacts.take(new ByteArrayInputStream(jar));
        byte[] spoilt = jar.clone();
        spoilt[1000]++;
        Files.write(artifacts.jar(sha256), spoilt);
        assertTrue(assertThrows(RefusedException.class, () -> artifacts.jar(sha256)).getMessage().contains("is not what it was"));
        assertFalse(artifacts.has(sha256));
    }

    @Test
    void keepsOnlyWhatIsNeeded() throws Exception {
        artifacts.take(new ByteArrayInputStream(jar));
        String other = artifacts.take(new ByteArrayInputStream(Jars.bundle().bytes()));
        Files.write(artifacts.part(sha256), new byte[1]);
        Files.write(artifacts.part("ab"), new byte[1]);
        artifacts.keepOnly(java.util.Set.of(other), java.time.Instant.now().minusSeconds(60));
        assertTrue(artifacts.has(sha256), "it was thrown away while somebody was about to use it");
        artifacts.keepOnly(java.util.Set.of(other), java.time.Instant.now().plusSeconds(60));
        assertFalse(artifacts.has(sha256) || Files.exists(artifacts.part(sha256)) || Files.exists(artifacts.part("ab")));
        assertTrue(artifacts.has(other));
    }
}
