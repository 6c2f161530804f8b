package io.pantograph.hub.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Right;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.hub.Json;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.PlainSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.ServiceRegistration;

/** What gateways are to install, put and fetched by HTTP through a real server. */
class ArtifactsTest {

    private static final byte[] SMALL = "just a few bytes".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path folder;
    private static House house;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void open() throws Exception {
        house = new House(folder, new PlainSettings(folder.resolve("home")).with(Artifacts.MIB, "40"));
    }

    @AfterAll
    static void close() throws Exception {
        house.close();
    }

    @AfterEach
    void clear() throws Exception {
        for (Object each : (List<?>) list().get("artifacts")) {
            assertEquals(204, call("DELETE", '/' + ((Values) each).text("sha256"), "key").statusCode());
        }
        assertEquals(0, list().integer("used"));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private Values list() throws Exception {
        return (Values) house.felix().service(Json.class).read(Bytes.wrap(call("GET", "", "key").body()));
    }

    private HttpResponse<byte[]> call(String method, String path, String as, String... headers) throws Exception {
        return send(method, path, house.login(as), BodyPublishers.noBody(), headers);
    }

    private HttpResponse<byte[]> put(String sha256, byte[] body, String as) throws Exception {
        return send("PUT", '/' + sha256, house.login(as), BodyPublishers.ofByteArray(body));
    }

    private HttpResponse<byte[]> send(String method, String path, Optional<String> login, BodyPublisher body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + house.port() + "/artifacts" + path)).method(method, body);
        login.ifPresent(text -> request.header("Authorization", text));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static List<String> files() {
        try (Stream<Path> files = Files.list(house.home().resolve("hub/artifacts"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsPutIsFetched() throws Exception {
        String name = sha256(SMALL);
        assertEquals(404, call("GET", '/' + name, "-").statusCode());
        assertEquals(201, put(name, SMALL, "key").statusCode());
        assertEquals(200, put(name, SMALL, "key").statusCode());
        HttpResponse<byte[]> fetched = call("GET", '/' + name, "-");
        assertEquals(200, fetched.statusCode());
        assertArrayEquals(SMALL, fetched.body());
        assertEquals('"' + name + '"', fetched.headers().firstValue("ETag").orElseThrow());
        HttpResponse<byte[]> head = call("HEAD", '/' + name, "-");
        assertEquals(200, head.statusCode());
        assertEquals(SMALL.length, head.headers().firstValueAsLong("Content-Length").orElseThrow());
        assertArrayEquals(SMALL, call("GET", '/' + name.toUpperCase(java.util.Locale.ROOT), "-").body());
        assertEquals(304, call("GET", '/' + name, "-", "If-None-Match", '"' + name + '"').statusCode());
        assertEquals(1, ((List<?>) list().get("artifacts")).size());
        assertEquals(204, call("DELETE", '/' + name, "key").statusCode());
        assertEquals(404, call("DELETE", '/' + name, "key").statusCode());
        assertEquals(404, call("GET", '/' + name, "-").statusCode());
        assertEquals(404, call("HEAD", '/' + name, "-").statusCode());
    }

    // A gateway whose connection was cut asks for the rest.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", value = {
        "bytes=0-3        | -       | 206 | bytes 0-3/16   | just",
        "bytes=12-        | -       | 206 | bytes 12-15/16 | ytes",
        "bytes=12-999     | -       | 206 | bytes 12-15/16 | ytes",
        "bytes=-5         | -       | 206 | bytes 11-15/16 | bytes",
        "bytes=-99        | -       | 206 | bytes 0-15/16  | just a few bytes",
        "bytes=16-        | -       | 416 | bytes */16     | -",
        "bytes=-0         | -       | 416 | bytes */16     | -",
        "bytes=3-1        | -       | 200 | -              | just a few bytes",
        "bytes=0-1,3-4    | -       | 200 | -              | just a few bytes",
        "bytes=-          | -       | 200 | -              | just a few bytes",
        "lines=1-2        | -       | 200 | -              | just a few bytes",
        "bytes=0-3        | same    | 206 | bytes 0-3/16   | just",
        "bytes=0-3        | \"old\" | 200 | -              | just a few bytes",
    })
    void aPieceOfIt(String range, String ifRange, int status, String contentRange, String body) throws Exception {
        String name = sha256(SMALL);
        put(name, SMALL, "key");
        String[] headers = ifRange == null ? new String[] {"Range", range}
                : new String[] {"Range", range, "If-Range", ifRange.equals("same") ? '"' + name + '"' : ifRange};
        HttpResponse<byte[]> fetched = call("GET", '/' + name, "-", headers);
        assertEquals(status, fetched.statusCode());
        assertEquals(contentRange, fetched.headers().firstValue("Content-Range").orElse(null));
        if (body != null) {
            assertEquals(body, new String(fetched.body(), StandardCharsets.UTF_8));
            assertEquals(body.length(), fetched.headers().firstValueAsLong("Content-Length").orElseThrow());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /{sha}, -, 401", "PUT, /{sha}, a-edge01-0123456789:wrong, 401", "PUT, /{sha}, g/edge01/gw/g-1:gateway-token, 403",
        "PUT, /{sha}, use-token-auth:gateway-token, 401", "PUT, /xyz, key, 400", "PUT, /../{sha}, key, 400", "PUT, /{sha}/x, key, 404",
        "PUT, '', key, 405", "POST, /{sha}, key, 405", "PATCH, '', key, 405", "DELETE, '', key, 405", "DELETE, /{sha}, -, 401", "GET, '', -, 401",
        "GET, /, key, 200", "GET, /%2e%2e, -, 400"})
    void whoMayDoWhat(String method, String path, String as, int status) throws Exception {
        house.call("POST", "/device/types", "key", "{\"id\":\"gw\",\"classId\":\"Gateway\"}");
        house.call("POST", "/device/types/gw/devices", "key", "{\"deviceId\":\"g-1\",\"authToken\":\"gateway-token\"}");
        HttpResponse<byte[]> answer = send(method, path.replace("{sha}", sha256(SMALL)), house.login(as), BodyPublishers.ofByteArray(SMALL));
        assertEquals(status, answer.statusCode());
        assertEquals(List.of(), files());
    }

    // A policy that may only read identities, or only be a device, puts nothing here.
    @ParameterizedTest
    @CsvSource({"iothubowner, 201", "registryReadWrite, 201", "service, 201", "registryRead, 403", "device, 403", "nobody, 401"})
    void azurePoliciesToo(String policy, int status) throws Exception {
        assertEquals(401, send("PUT", '/' + sha256(SMALL), Optional.of("SharedAccessSignature " + policy), BodyPublishers.ofByteArray(SMALL)).statusCode());
        ServiceRegistration<?> there = house.felix().context().registerService(ServiceAccess.class, new Policies(), null);
        try {
            assertEquals(status, send("PUT", '/' + sha256(SMALL), Optional.of("SharedAccessSignature " + policy),
                    BodyPublishers.ofByteArray(SMALL)).statusCode());
        } finally {
            there.unregister();
        }
    }

    private static final class Policies implements ServiceAccess {

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public Optional<Policy> policy(String name) {
            return Optional.empty();
        }

        @Override
        public void check(Optional<String> authorization, Optional<String> usedHost, String path, Right right) throws AzureException {
            assertTrue(path.startsWith("/artifacts/") && usedHost.isPresent());
            boolean may = switch (authorization.orElseThrow().split(" ")[1]) {
                case "iothubowner" -> true;
                case "registryReadWrite" -> right == Right.RegistryRead || right == Right.RegistryWrite;
                case "service" -> right == Right.ServiceConnect;
                case "registryRead" -> right == Right.RegistryRead;
                case "device" -> right == Right.DeviceConnect;
                default -> throw new AzureException(AzureError.IotHubUnauthorized, "who?");
            };
            if (!may) {
                throw new AzureException(AzureError.IotHubUnauthorizedAccess, "no");
            }
        }
    }

    @Test
    void whatIsNotWhatItsNameSaysIsNotTaken() throws Exception {
        assertEquals(400, put(sha256(new byte[] {1}), SMALL, "key").statusCode());
        assertEquals(List.of(), files());
        String name = sha256(SMALL);
        put(name, SMALL, "key");
        assertEquals(400, put(name, new byte[] {1}, "key").statusCode());
        assertArrayEquals(SMALL, call("GET", '/' + name, "-").body());
    }

    @Test
    void theLargestIsTakenAndAByteMoreIsNot() throws Exception {
        byte[] largest = random((int) Shelf.MOST_BYTES);
        String name = sha256(largest);
        assertEquals(201, put(name, largest, "key").statusCode());
        assertArrayEquals(largest, call("GET", '/' + name, "-").body());
        assertEquals(204, call("DELETE", '/' + name, "key").statusCode());
        byte[] larger = random((int) Shelf.MOST_BYTES + 1);
        assertEquals(413, put(sha256(larger), larger, "key").statusCode());
        assertEquals(413, send("PUT", '/' + sha256(larger), house.login("key"),
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(larger))).statusCode(), "its length was not told before");
        assertEquals(List.of(), files());
    }

    @Test
    void togetherTheyHaveALimit() throws Exception {
        byte[] one = random(20 << 20);
        byte[] two = random(21 << 20);
        assertEquals(201, put(sha256(one), one, "key").statusCode());
        assertEquals(507, put(sha256(two), two, "key").statusCode());
        assertEquals(507, send("PUT", '/' + sha256(two), house.login("key"),
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(two))).statusCode());
        assertEquals(200, put(sha256(one), one, "key").statusCode(), "there is room for what is there");
        assertEquals(204, call("DELETE", '/' + sha256(one), "key").statusCode());
        assertEquals(201, put(sha256(two), two, "key").statusCode());
    }

    @Test
    void nothingIsLeftOfAnUploadThatBreaks() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
            socket.getOutputStream().write(("PUT /artifacts/" + sha256(SMALL) + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                    + house.login("key").orElseThrow() + "\r\nContent-Length: 16\r\n\r\njust").getBytes(StandardCharsets.ISO_8859_1));
            Await.until("it comes", () -> files().size() == 1);
        }
        Await.until("it is cleared away", () -> files().isEmpty());
    }

    @Test
    void anUploadThatMayNotBeIsToldSoBeforeItsBody() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(("PUT /artifacts/" + sha256(SMALL)
                    + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 16\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            byte[] line = socket.getInputStream().readNBytes(12);
            assertEquals("HTTP/1.1 401", new String(line, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void theyOutliveTheRoomAndAreTheOwnersAlone() throws Exception {
        String name = sha256(SMALL);
        put(name, SMALL, "key");
        Path home = house.home().resolve("hub/artifacts");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name))));
        Files.writeString(home.resolve(name + "-7.part"), "a crash left this");
        Files.writeString(home.resolve("README"), "somebody else's");
        house.room().stop();
        house.room().start();
        Await.until("it is there again", () -> call(name));
        assertFalse(files().contains(name + "-7.part"));
        assertTrue(Files.deleteIfExists(home.resolve("README")));
        assertEquals(SMALL.length, list().integer("used"));
    }

    private boolean call(String name) {
        try {
            return call("GET", '/' + name, "-").statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }
}
