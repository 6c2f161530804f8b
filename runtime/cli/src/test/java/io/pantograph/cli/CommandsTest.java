package io.pantograph.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.azure.Bag;
import io.pantograph.cli.FakeHub.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each command against answers as a hub gives them: what it asks, and what it prints. */
class CommandsTest {

    private static final String IDENTITY = "{\"deviceId\":\"dev1\",\"etag\":\"abc\",\"status\":\"enabled\",\"authentication\":{\"type\":\"sas\","
            + "\"symmetricKey\":{\"primaryKey\":\"Zmlyc3Q=\",\"secondaryKey\":\"c2Vjb25k\"}}}";
    private static final String MISSING = "{\"Message\":\"ErrorCode:DeviceNotFound;Device dev1 is not registered\"}";

    @TempDir
    Path folder;
    private FakeHub hub;

    @BeforeEach
    void open() throws Exception {
        hub = new FakeHub(folder);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private static void is(Run run, int code, String out, String err) {
        assertEquals(out, run.out());
        assertEquals(err, run.err());
        assertEquals(code, run.code());
    }

    @Test
    void deviceCreateTellsNoKey() {
        hub.answer(200, IDENTITY);
        is(hub.run("device", "create", "dev1", "--disabled"), 0, "Device 'dev1' is made, disabled.\n",
                "Its connection string: pantograph device connection-string dev1\n");
        assertEquals("PUT /devices/dev1", hub.line(0));
        assertEquals("{\"deviceId\":\"dev1\",\"status\":\"disabled\"}", hub.asked.get(0).body());
    }

    @Test
    void deviceCreateTellsTheConnectionStringWhenAsked() {
        hub.answer(200, IDENTITY).answer(200, IDENTITY);
        is(hub.run("device", "create", "dev1", "--connection-string"), 0, "HostName=127.0.0.1;DeviceId=dev1;SharedAccessKey=Zmlyc3Q=\n", "");
        Run json = hub.run("device", "create", "dev1", "--json");
        assertTrue(json.out().startsWith("{\"deviceId\":\"dev1\"") && json.out().contains("\"primaryKey\":\"***\""), json.out());
    }

    @Test
    void deviceCreateWithACertificate() {
        hub.answer(200, "{\"deviceId\":\"dev1\",\"authentication\":{\"type\":\"selfSigned\"}}");
        is(hub.run("device", "create", "dev1", "--x509-thumbprint", "AA", "--connection-string"), 0, "HostName=127.0.0.1;DeviceId=dev1;x509=true\n", "");
        assertTrue(hub.asked.get(0).body().contains("\"type\":\"selfSigned\",\"x509Thumbprint\":{\"primaryThumbprint\":\"AA\""), hub.asked.get(0).body());
    }

    // The shell makes dev1 ... dev250 of dev{1..250}.
    @Test
    void manyDevicesAreMadeInStepsOfAHundred() {
        String[] arguments = IntStream.rangeClosed(-1, 250).mapToObj(i -> i == -1 ? "device" : i == 0 ? "create" : "dev" + i).toArray(String[]::new);
        hub.answer(200, "{\"isSuccessful\":true,\"errors\":[]}")
                .answer(400, "{\"isSuccessful\":false,\"errors\":[{\"deviceId\":\"dev150\",\"errorCode\":\"DeviceAlreadyExists\",\"errorStatus\":\"it is there\"}]}")
                .answer(200, "{\"isSuccessful\":true,\"errors\":[]}");
        Run run = hub.run(arguments);
        assertEquals(1, run.code());
        assertEquals(249, run.out().lines().count());
        assertEquals("dev150: DeviceAlreadyExists it is there\n", run.err());
        assertEquals(3, hub.asked.size());
        assertTrue(hub.asked.get(2).body().startsWith("[{\"id\":\"dev201\",\"importMode\":\"create\",\"status\":\"enabled\",\"authentication\":{\"type\":\"sas\""),
                hub.asked.get(2).body());
    }

    @Test
    void deviceListIsATable() {
        hub.answer(200, "[{\"deviceId\":\"dev1\",\"status\":\"enabled\",\"connectionState\":\"Connected\",\"lastActivityTime\":\"2026-01-01T00:00:00Z\","
                        + "\"authenticationType\":\"sas\"}]", Map.of("x-ms-continuation", "next"))
                .answer(200, "[{\"deviceId\":\"a-longer-id\",\"status\":\"disabled\",\"connectionState\":\"Disconnected\","
                        + "\"lastActivityTime\":\"0001-01-01T00:00:00Z\",\"authenticationType\":\"sas\"}]");
        is(hub.run("device", "list"), 0, """
                DEVICE       STATUS    CONNECTION    LAST ACTIVITY         AUTHENTICATION
                dev1         enabled   Connected     2026-01-01T00:00:00Z  sas
                a-longer-id  disabled  Disconnected  never                 sas
                """, "2 devices\n");
        assertEquals("next", hub.asked.get(1).headers().get("x-ms-continuation"));
    }

    @Test
    void deviceShowMasksKeys() {
        hub.answer(200, IDENTITY).answer(200, IDENTITY);
        is(hub.run("device", "show", "dev1"), 0, """
                {
                  "deviceId": "dev1",
                  "etag": "abc",
                  "status": "enabled",
                  "authentication": {
                    "type": "sas",
                    "symmetricKey": {
                      "primaryKey": "***",
                      "secondaryKey": "***"
                    }
                  }
                }
                """, "");
        is(hub.run("device", "show", "dev1", "--show-keys", "--json"), 0, IDENTITY + "\n", "");
    }

    @Test
    void deviceDisableChangesWhatItRead() {
        hub.answer(200, IDENTITY).answer(200, IDENTITY).answer(404, MISSING);
        is(hub.run("device", "disable", "dev1", "dev2", "--reason", "broken"), 1, "Device 'dev1' is now disabled.\n",
                "dev2: DeviceNotFound (404): Device dev1 is not registered\n");
        assertEquals("PUT /devices/dev1", hub.line(1));
        assertEquals("\"abc\"", hub.asked.get(1).headers().get("if-match"));
        assertTrue(hub.asked.get(1).body().contains("\"status\":\"disabled\"") && hub.asked.get(1).body().contains("\"primaryKey\":\"Zmlyc3Q=\"")
                && hub.asked.get(1).body().contains("\"statusReason\":\"broken\""), hub.asked.get(1).body());
    }

    @Test
    void deviceEnable() {
        hub.answer(200, IDENTITY).answer(200, IDENTITY);
        is(hub.run("device", "enable", "dev1"), 0, "Device 'dev1' is now enabled.\n", "");
    }

    @Test
    void deviceDelete() {
        hub.answer(204, "").answer(404, MISSING);
        is(hub.run("device", "delete", "dev1"), 0, "Device 'dev1' is deleted.\n", "");
        assertEquals("DELETE /devices/dev1", hub.line(0));
        is(hub.run("device", "delete", "dev1", "--module", "m"), 1, "", "dev1: DeviceNotFound (404): Device dev1 is not registered\n");
        assertEquals("DELETE /devices/dev1/modules/m", hub.line(1));
    }

    @Test
    void deviceConnectionString() {
        hub.answer(200, IDENTITY).answer(200, IDENTITY).answer(200, "{\"deviceId\":\"dev1\",\"authentication\":{\"type\":\"sas\"}}");
        is(hub.run("device", "connection-string", "dev1"), 0, "HostName=127.0.0.1;DeviceId=dev1;SharedAccessKey=Zmlyc3Q=\n", "");
        is(hub.run("device", "connection-string", "dev1", "-m", "m", "--secondary", "--json"), 0,
                "{\"connectionString\":\"HostName=127.0.0.1;DeviceId=dev1;ModuleId=m;SharedAccessKey=c2Vjb25k\"}\n", "");
        assertEquals(1, hub.run("device", "connection-string", "dev1").code());
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "202, 0", "404, 1", "500, 1"})
    void methodInvokeTellsTheDevicesStatus(int status, int code) {
        hub.answer(200, "{\"status\":" + status + ",\"payload\":{\"on\":true}}");
        is(hub.run("method", "invoke", "dev1", "blink", "{\"times\":3}", "--response-timeout", "60"), code, """
                {
                  "status": %d,
                  "payload": {
                    "on": true
                  }
                }
                """.formatted(status), "");
        assertEquals("POST /twins/dev1/methods", hub.line(0));
        assertEquals("{\"methodName\":\"blink\",\"responseTimeoutInSeconds\":60,\"connectTimeoutInSeconds\":0,\"payload\":{\"times\":3}}", hub.asked.get(0).body());
    }

    @Test
    void methodInvokeReadsTheStandardInput() {
        hub.typing("7").answer(200, "{\"status\":200,\"payload\":null}");
        is(hub.run("method", "invoke", "dev1", "go", "-", "--json"), 0, "{\"status\":200,\"payload\":null}\n", "");
        assertTrue(hub.asked.get(0).body().endsWith("\"payload\":7}"), hub.asked.get(0).body());
    }

    @Test
    void aDeviceThatIsAwayIsNoAnswer() {
        hub.answer(404, "{\"Message\":\"ErrorCode:DeviceNotOnline;dev1 is not connected\"}");
        is(hub.run("method", "invoke", "dev1", "go"), 1, "",
                "DeviceNotOnline (404): dev1 is not connected; start the device, or wait for it with a connect timeout\n");
    }

    @Test
    void twinShowAndUpdate() {
        hub.answer(200, "{\"deviceId\":\"dev1\",\"tags\":{}}").answer(200, "{\"version\":2}").answer(200, "{\"version\":3}");
        is(hub.run("twin", "show", "dev1"), 0, "{\n  \"deviceId\": \"dev1\",\n  \"tags\": {}\n}\n", "");
        is(hub.run("twin", "update", "dev1", "--desired", "{\"a\":null}", "--tags", "{\"hall\":\"A\"}", "--json"), 0, "{\"version\":2}\n", "");
        assertEquals("PATCH /twins/dev1", hub.line(1));
        assertEquals("{\"tags\":{\"hall\":\"A\"},\"properties\":{\"desired\":{\"a\":null}}}", hub.asked.get(1).body());
        hub.typing("{\"tags\":{}}");
        is(hub.run("twin", "update", "dev1", "-", "--replace", "--if-match", "x", "--json"), 0, "{\"version\":3}\n", "");
        assertEquals("PUT /twins/dev1", hub.line(2));
        assertEquals("\"x\"", hub.asked.get(2).headers().get("if-match"));
    }

    @Test
    void twinQueryIsOneDocumentOverAllPages() {
        hub.answer(200, "[{\"deviceId\":\"a\"},{\"deviceId\":\"b\"}]", Map.of("x-ms-continuation", "n")).answer(200, "[{\"deviceId\":\"c\"}]").answer(200, "[]");
        is(hub.run("twin", "query", "--json"), 0, "[{\"deviceId\":\"a\"},\n{\"deviceId\":\"b\"},\n{\"deviceId\":\"c\"}]\n", "3 found\n");
        is(hub.run("twin", "query", "SELECT deviceId FROM devices", "--json"), 0, "[]\n", "0 found\n");
        assertEquals("{\"query\":\"SELECT deviceId FROM devices\"}", hub.asked.get(2).body());
    }

    @Test
    void twinQueryEndsWhereItShould() {
        hub.answer(200, "[{\"deviceId\":\"a\"},{\"deviceId\":\"b\"}]", Map.of("x-ms-continuation", "n"));
        is(hub.run("twin", "query", "--most", "2"), 0, "{\n  \"deviceId\": \"a\"\n}\n{\n  \"deviceId\": \"b\"\n}\n", "2 found\n");
    }

    @Test
    void messagesToDevices() {
        hub.answer(204, "").answer(200, "{\"totalMessagesPurged\":1}");
        is(hub.run("c2d", "send", "dev1", "hello", "-p", "Alarm=fire", "--message-id", "m1", "--ack", "full"), 0, "Message 'm1' waits for device 'dev1'.\n", "");
        assertEquals("POST /devices/dev1/messages/deviceBound", hub.line(0));
        assertEquals("hello", hub.asked.get(0).body());
        assertEquals("full", hub.asked.get(0).headers().get("iothub-ack"));
        assertEquals(Map.of("Alarm", "fire"), Bag.read(hub.asked.get(0).headers().get("iothub-properties")));
        is(hub.run("c2d", "purge", "dev1"), 0, "1 message dropped.\n", "");
    }

    @Test
    void watsonDeviceCreateWritesItsFile() throws Exception {
        Path ini = folder.resolve("t-1.ini");
        hub.answer(404, "{\"message\":\"CUDRS0404E: no such type\"}").answer(201, "{\"id\":\"thermostat\"}")
                .answer(201, "{\"typeId\":\"thermostat\",\"deviceId\":\"t-1\",\"authToken\":\"made-by-the-hub\"}");
        is(hub.run("watson", "device", "create", "thermostat", "t-1", "--ini", ini.toString()), 0,
                "Device 'thermostat/t-1' is made. Its file is " + ini + ".\n", "");
        assertEquals("POST /api/v0002/device/types", hub.line(1));
        assertEquals("POST /api/v0002/device/types/thermostat/devices", hub.line(2));
        assertTrue(hub.asked.get(0).headers().get("authorization").startsWith("Basic "));
        assertTrue(Files.readString(ini).contains("auth-token = made-by-the-hub"), Files.readString(ini));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ini)));
    }

    @Test
    void watsonDeviceCreateDoesNotLoseTheToken() {
        Run run = hub.run("watson", "device", "create", "thermostat", "t-1");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("--ini FILE"), run.err());
        assertEquals(0, hub.asked.size());
        hub.answer(200, "{}").answer(201, "{\"authToken\":\"made-by-the-hub\"}");
        is(hub.run("watson", "device", "create", "thermostat", "t-1", "--show-token"), 0, "Device 'thermostat/t-1' is made.\ntoken made-by-the-hub\n", "");
    }

    @Test
    void watsonDeviceListAndDelete() {
        hub.answer(200, "{\"results\":[{\"typeId\":\"a\",\"deviceId\":\"1\",\"registration\":{\"date\":\"2026\"}}],\"bookmark\":\"b=\"}")
                .answer(200, "{\"results\":[{\"typeId\":\"a\",\"deviceId\":\"2\"}]}").answer(204, "");
        is(hub.run("watson", "device", "list"), 0, "TYPE  DEVICE  REGISTERED\na     1       2026\na     2\n", "2 devices\n");
        assertEquals("GET /api/v0002/bulk/devices?_limit=100 _bookmark=b%3D", hub.line(1));
        is(hub.run("watson", "device", "delete", "a", "1"), 0, "Device 'a/1' is deleted.\n", "");
        assertEquals("DELETE /api/v0002/device/types/a/devices/1", hub.line(2));
    }

    @Test
    void watsonCommandSend() {
        hub.answer(200, "{}").answer(404, "{\"message\":\"CUDRS0404E: Device a/1 does not exist.\"}");
        is(hub.run("watson", "command", "send", "a", "1", "set-point", "{\"celsius\":20}"), 0, "Command 'set-point' is sent to 'a/1'.\n", "");
        assertEquals("POST /api/v0002/application/types/a/devices/1/commands/set-point", hub.line(0));
        assertEquals("application/json", hub.asked.get(0).headers().get("content-type"));
        is(hub.run("watson", "command", "send", "a", "1", "go", "up", "--format", "text"), 1, "", "NotFound (404): CUDRS0404E: Device a/1 does not exist.\n");
        assertEquals("text/plain", hub.asked.get(1).headers().get("content-type"));
    }

    // --- events

    private static final Map<String, String> STREAM = Map.of("Content-Type", "text/event-stream");
    private static final String EVENTS = """
            : listening at 17
            id: 16

            id: 17
            event: telemetry
            data: {"sequence":17,"enqueuedTime":"2026-01-01T00:00:00.120Z","deviceId":"dev1","source":"Telemetry","systemProperties":{"message-id":"1","iothub-connection-auth-method":"x"},"properties":{"alert":"true"},"bodyFormat":"base64","body":"eyJjZWxzaXVzIjoyMS41fQ=="}

            id: 18
            event: telemetry
            data: {"sequence":18,"enqueuedTime":"2026-01-01T00:00:01Z","deviceId":"dev1","moduleId":"m","source":"Telemetry","systemProperties":{},"properties":{},"bodyFormat":"base64","body":"aGFsbG8bWzJK"}

            id: 19
            event: telemetry
            data: {"sequence":19,"enqueuedTime":"2026-01-01T00:00:02Z","deviceId":"dev1","source":"Telemetry","systemProperties":{},"properties":{},"bodyFormat":"base64","body":"AP8="}

            """;
    private static final String OVER = "{\"Message\":\"ErrorCode:IotHubUnauthorized;over\"}";
    private static final String OVER_TOLD = "IotHubUnauthorized (401): over; check the key in the connection string, and this machine's clock\n";

    @Test
    void monitorEventsInTheKnownForm() {
        hub.answer(200, EVENTS, STREAM).answer(401, OVER);
        is(hub.run("monitor-events"), 1, """
                ==== From: 'dev1' at '2026-01-01T00:00:00.120Z' ====
                {
                  "celsius": 21.5
                }
                ---- application properties ----
                {
                  "alert": "true"
                }
                ====================
                ==== From: 'dev1/m' at '2026-01-01T00:00:01.000Z' ====
                hallo\\u001b[2J
                ====================
                ==== From: 'dev1' at '2026-01-01T00:00:02.000Z' ====
                2 bytes: 00ff
                ====================
                """, "Monitoring events from all devices...\n" + OVER_TOLD);
        assertEquals("GET /events body=base64 from=latest", hub.line(0));
        assertEquals("GET /events body=base64 from=20", hub.line(1));
    }

    @Test
    void monitorEventsVerbose() {
        hub.answer(200, IDENTITY).answer(200, EVENTS.substring(0, EVENTS.indexOf("id: 18")), STREAM).answer(401, OVER);
        is(hub.run("monitor-events", "dev1", "-v", "--start-time", "1767225600000", "--consumer-group", "mine"), 1, """
                ==== From: 'dev1' at '2026-01-01T00:00:00.120Z' ====
                {
                  "celsius": 21.5
                }
                ---- annotations ----
                {
                  "x-opt-sequence-number": 17,
                  "x-opt-enqueued-time": "2026-01-01T00:00:00.120Z",
                  "iothub-connection-device-id": "dev1",
                  "iothub-message-source": "Telemetry",
                  "iothub-connection-auth-method": "x"
                }
                ---- properties ----
                {
                  "message-id": "1"
                }
                ---- application properties ----
                {
                  "alert": "true"
                }
                ====================
                """, "--consumer-group mine has no effect here; who watches gets all\nMonitoring events from device dev1...\n" + OVER_TOLD);
        assertEquals("GET /devices/dev1", hub.line(0));
        assertEquals("GET /events device=dev1 body=base64 from=2026-01-01T00%3A00%3A00Z", hub.line(1));
    }

    @Test
    void monitorEventsForPrograms() {
        hub.answer(200, EVENTS, STREAM).answer(401, OVER).answer(200, EVENTS, STREAM).answer(401, OVER);
        is(hub.run("monitor-events", "--raw"), 1, "{\"celsius\":21.5}\n{\"alert\":\"true\"}\nhallo\\u001b[2J\n2 bytes: 00ff\n", OVER_TOLD);
        Run json = hub.run("monitor-events", "--json");
        assertEquals("{\"sequence\":17,\"enqueuedTime\":\"2026-01-01T00:00:00.120Z\",\"deviceId\":\"dev1\",\"source\":\"Telemetry\","
                + "\"systemProperties\":{\"message-id\":\"1\",\"iothub-connection-auth-method\":\"x\"},\"properties\":{\"alert\":\"true\"},"
                + "\"bodyFormat\":\"json\",\"body\":{\"celsius\":21.5}}", json.out().lines().findFirst().orElseThrow());
        assertTrue(json.out().endsWith("\"bodyFormat\":\"base64\",\"body\":\"AP8=\"}\n"), json.out());
    }

    @Test
    void monitorEventsEndsWhenItsTimeIsOver() {
        hub.answer(200, EVENTS, STREAM);
        for (int i = 0; i < 20; i++) {
            hub.answer(503, "{}"); // nothing more comes
        }
        Run run = hub.run("monitor-events", "--duration", "2");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().endsWith("Monitoring ended, 3 events.\n"), run.err());
    }

    @Test
    void monitorEventsOfADeviceThatIsNotThere() {
        hub.answer(404, MISSING);
        is(hub.run("monitor-events", "dev1"), 1, "", "DeviceNotFound (404): Device dev1 is not registered\n");
    }

    @Test
    void whereThereAreNoEventsIsSaid() {
        hub.answer(404, "");
        Run run = hub.run("monitor-events");
        assertEquals(1, run.code());
        assertTrue(run.err().contains("AMQP"), run.err());
    }

    @Test
    void watsonEvents() {
        String event = "data: {\"time\":\"2026-01-01T00:00:00.120Z\",\"typeId\":\"meter\",\"deviceId\":\"m-1\",\"direction\":\"event\",\"name\":\"reading\","
                + "\"format\":\"json\",\"qos\":1,\"payload\":\"eyJjZWxzaXVzIjoyMS41fQ==\"}\n\n";
        hub.answer(200, event, STREAM).answer(401, "{\"message\":\"CUDRS0401E: over\"}").answer(200, event, STREAM).answer(401, "{}").answer(200, event, STREAM).answer(401, "{}");
        Run run = hub.run("watson", "events", "meter");
        assertEquals("""
                ==== Event 'reading' from 'meter/m-1' at '2026-01-01T00:00:00.120Z' (json) ====
                {
                  "celsius": 21.5
                }
                ====================
                """, run.out());
        assertEquals("GET /watson/events?body=base64 type=meter", hub.line(0));
        assertEquals("{\"celsius\":21.5}\n", hub.run("watson", "events", "--raw").out());
        assertEquals("{\"time\":\"2026-01-01T00:00:00.120Z\",\"typeId\":\"meter\",\"deviceId\":\"m-1\",\"direction\":\"event\",\"name\":\"reading\","
                + "\"format\":\"json\",\"qos\":1,\"payloadFormat\":\"json\",\"payload\":{\"celsius\":21.5}}\n", hub.run("watson", "events", "--json").out());
        assertFalse(run.err().contains(FakeHub.TOKEN));
    }
}
