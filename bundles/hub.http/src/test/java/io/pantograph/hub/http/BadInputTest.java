package io.pantograph.hub.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a careless or hostile caller sends. Each gets a clear refusal, and the next caller is served as if nothing had been. */
class BadInputTest {

    private static final String DEVICES = "/device/types/thermostat/devices";

    @TempDir
    static Path folder;

    private static House house;

    @BeforeAll
    static void open() throws Exception {
        house = new House(folder);
        house.call("POST", "/device/types", "key", "{\"id\":\"thermostat\"}");
        house.call("POST", DEVICES, "key", "{\"deviceId\":\"t-1\",\"authToken\":\"chosen-token\"}");
    }

    @AfterAll
    static void close() throws Exception {
        // Whatever was sent, nothing was made of it.
        assertEquals(1, house.object(house.call("GET", "/device/types", "key", (String) null)).values("meta").integer("total_rows"));
        assertEquals(1, house.object(house.call("GET", "/bulk/devices", "key", (String) null)).values("meta").integer("total_rows"));
        house.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[", "nonsense", "{} {}", "{\"id\":\"x\",\"id\":\"y\"}", "{\"id\":7}", "{\"id\":null}", "[{\"id\":\"x\"}]", "null", "\"x\"",
        "{\"id\":\"x\",\"metadata\":{\"n\":1e999999999}}", "{\"id\":\"x\",\"metadata\":{\"n\":NaN}}", "{\"id\":\"x\",\"metadata\":{\"n\":\"\\u0000\"}}",
        "{\"id\":\"x\",\"metadata\":{\"n\":\"\\uD800\"}}", "{\"id\":\"x\",\"metadata\":7}", "{\"id\":\"x\",\"description\":{}}",
        "{\"id\":\"\"}", "{\"id\":\"a/b\"}", "{\"id\":\"a+\"}", "{\"id\":\"#\"}", "{\"id\":\"a b\"}", "{\"id\":\"\\u0000\"}", "{\"id\":\"a\\nb\"}",
        "{\"id\":\"\u00e4\"}", "{\"id\":\"0123456789012345678901234567890123456\"}"})
    void refusesABody(String body) throws Exception {
        assertEquals(400, house.call("POST", "/device/types", "key", body).statusCode());
    }

    @Test
    void refusesWhatIsNestedTooDeep() throws Exception {
        String deep = "{\"id\":\"x\",\"metadata\":" + "{\"a\":".repeat(100) + "1" + "}".repeat(100) + '}';
        assertEquals(400, house.call("POST", "/device/types", "key", deep).statusCode());
        String endless = "[".repeat(100_000);
        assertEquals(400, house.call("POST", "/bulk/devices/add", "key", endless).statusCode());
    }

    @Test
    void refusesWhatIsNotUtf8() throws Exception {
        byte[] overlong = "{\"id\":\"x\",\"description\":\"??\"}".getBytes(StandardCharsets.US_ASCII);
        int at = new String(overlong, StandardCharsets.US_ASCII).indexOf("??");
        overlong[at] = (byte) 0xC0;
        overlong[at + 1] = (byte) 0x80;
        assertEquals(400, house.call("POST", "/device/types", "key", overlong).statusCode());
        assertEquals(400, house.call("POST", "/device/types", "key", "{\"id\":\"x\"}".getBytes(StandardCharsets.UTF_16)).statusCode());
    }

    @Test
    void refusesWhatIsTooLarge() throws Exception {
        String large = '[' + " ".repeat(Call.MOST_BYTES) + ']';
        assertEquals(413, house.call("POST", "/bulk/devices/add", "key", large).statusCode());
        byte[] message = new byte[Messages.MOST_BYTES + 1];
        Arrays.fill(message, (byte) 'x');
        String path = DEVICES + "/t-1/events/status";
        assertEquals(413, house.call("POST", path, "use-token-auth:chosen-token", message).statusCode());
        assertEquals(200, house.call("POST", path, "use-token-auth:chosen-token", Arrays.copyOf(message, Messages.MOST_BYTES)).statusCode());
    }

    // It does not say how much will come, and it is cut off at the limit all the same.
    @Test
    void endsABodyThatDoesNotEnd() throws Exception {
        StringBuilder request = new StringBuilder("POST /api/v0002/bulk/devices/add HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + house.login("key").orElseThrow() + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 40; i++) {
            request.append("4000\r\n").append(" ".repeat(0x4000)).append("\r\n");
        }
        assertTrue(raw(request.toString().getBytes(StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 413 "));
    }

    @ParameterizedTest
    @CsvSource({
            "/device/types/a%2Bb/devices/x, 400",
            "/device/types/%23/devices/x, 400",
            "/device/types/a%20b/devices/x, 400",
            "/device/types/%C3%A4/devices/x, 400",
            "/device/types/%C0%80/devices/x, 400",
            "/device/types/%FF/devices/x, 400",
            "/device/types/%252F/devices/x, 400",
            "/device/types/thermostat/devices/0123456789012345678901234567890123456, 400",
            "/device/types/thermostat/devices/t-1/events/a%2Bb, 400",
            "/device/types/thermostat;x=y/devices/t-1, 400",
            "/device/types//devices/t-1, 400",
            "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t, 404",
    })
    void refusesAPath(String path, int status) throws Exception {
        assertEquals(status, get(path));
    }

    // These the server itself refuses, before they are ours.
    @ParameterizedTest
    @ValueSource(strings = {"/device/types/%2F/devices/x", "/device/types/%00/devices/x", "/device/types/%", "/device/types/%zz", "/device/types/..%2f..",
        "/device/types/\u0001", "/device/types/a b"})
    void refusesWhatIsNoPath(String path) throws Exception {
        assertEquals(400, get(path));
    }

    private int get(String path) throws Exception {
        String answer = raw(("GET /api/v0002" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + house.login("key").orElseThrow() + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertFalse(answer.contains("Exception"), answer);
        assertFalse(answer.contains("\tat "), answer);
        return Integer.parseInt(answer.substring(9, 12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer x", "Digest username=x", "Basic /////w==", "basic Og=="})
    void refusesALogin(String header) throws Exception {
        String answer = raw(("GET /api/v0002/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + header + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
        assertTrue(answer.contains("WWW-Authenticate: Basic"), answer);
    }

    @Test
    void refusesHeadersWithoutEnd() throws Exception {
        String answer = raw(("GET /api/v0002/ HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(100_000) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(answer.startsWith("HTTP/1.1 431 "), answer);
        assertTrue(raw(("GET /api/v0002/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic " + "A".repeat(4_000) + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 401 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000\u0000\u0000", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST /api/v0002/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /api/v0002/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"})
    void survivesWhatIsNoHttp(String noise) throws Exception {
        raw(noise.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(200, house.call("GET", "/", "key", (String) null).statusCode());
    }

    // A secret that was sent must not come back, whatever was wrong with the call.
    @Test
    void repeatsNoSecret() throws Exception {
        HttpResponse<String> refused = house.call("POST", DEVICES, "key", "{\"deviceId\":\"x\",\"authToken\":\"se cret-token\"}");
        assertEquals(400, refused.statusCode());
        assertFalse(refused.body().contains("cret-token"), refused.body());
        assertFalse(house.call("GET", "/", "a-edge01-0123456789:my-secret", (String) null).body().contains("my-secret"));
    }

    private static String raw(byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
            socket.setSoTimeout(20_000);
            try {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
            } catch (IOException e) {
                // It hung up before it had heard all; what it said is still there.
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
