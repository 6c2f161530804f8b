package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.testkit.Await;
import java.io.Reader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** IoT Hub's protocol against the hub as it is shipped: a plain MQTT client on one side, plain HTTP on the other. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureDeviceTest {

    private static final String KEY = Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    private static final String C2D = "devices/dev1/messages/devicebound/#";

    /** What one client heard. */
    private static final class Ears implements MqttCallback {

        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final CompletableFuture<Throwable> lost = new CompletableFuture<>();

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            heard.add(topic + ' ' + new String(message.getPayload(), StandardCharsets.UTF_8));
        }

        @Override
        public void connectionLost(Throwable cause) {
            lost.complete(cause);
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // publish() has waited for it
        }

        String next() throws InterruptedException {
            String next = heard.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing was heard for 20 s");
            }
            return next;
        }
    }

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static byte[] sign(String key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(String resource, String key, String more) throws Exception {
        long until = System.currentTimeMillis() / 1000 + 3_600;
        String signature = Base64.getEncoder().encodeToString(sign(key, resource + '\n' + until));
        return "SharedAccessSignature sr=" + resource + "&sig=" + URLEncoder.encode(signature, StandardCharsets.UTF_8) + "&se=" + until + more;
    }

    private static Properties credentials(TestHub hub) throws Exception {
        Properties credentials = new Properties();
        try (Reader reader = Files.newBufferedReader(hub.box.home().resolve("hub/credentials/azure.properties"))) {
            credentials.load(reader);
        }
        return credentials;
    }

    private HttpResponse<String> rest(TestHub hub, String method, String path, String body, String... headers) throws Exception {
        String owner = credentials(hub).getProperty("service.connection-string");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.box.port("pantograph.hub.http.port") + path + "?api-version=2021-04-12"))
                .header("Authorization", token("127.0.0.1", owner.substring(owner.indexOf(";SharedAccessKey=") + 17), "&skn=iothubowner"))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(2, answer.statusCode() / 100, method + ' ' + path + ": " + answer.statusCode() + ' ' + answer.body());
        return answer;
    }

    private void register(TestHub hub) throws Exception {
        rest(hub, "PUT", "/devices/dev1",
                "{\"deviceId\":\"dev1\",\"authentication\":{\"type\":\"sas\",\"symmetricKey\":{\"primaryKey\":\"" + KEY + "\",\"secondaryKey\":\"" + KEY + "\"}}}");
    }

    private static MqttClient connect(TestHub hub, String clientId, String user, String password, Ears ears) throws Exception {
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + hub.mqtt(), clientId, new MemoryPersistence());
        client.setTimeToWait(20_000);
        client.setCallback(ears);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(false);
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(user);
        options.setPassword(password.toCharArray());
        client.connectWithResult(options);
        return client;
    }

    private static MqttClient device(TestHub hub, Ears ears) throws Exception {
        return connect(hub, "dev1", "127.0.0.1/dev1/?api-version=2021-04-12", token("127.0.0.1/devices/dev1", KEY, ""), ears);
    }

    private static void say(MqttClient client, String topic, String text) throws MqttException {
        client.publish(topic, text.getBytes(StandardCharsets.UTF_8), 1, false);
    }

    @Test
    void servesADevice() throws Exception {
        try (TestHub hub = TestHub.start()) {
            register(hub);
            Ears ears = new Ears();
            MqttClient device = device(hub, ears);
            for (String filter : new String[] {"$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#", "$iothub/methods/POST/#", C2D}) {
                device.subscribe(filter, 1);
            }
            say(device, "devices/dev1/messages/events/%24.mid=m-1&a=b", "{\"wind\":5}");

            say(device, "$iothub/twin/GET/?$rid=r1", "");
            assertEquals("$iothub/twin/res/200/?$rid=r1 {\"desired\":{\"$version\":1},\"reported\":{\"$version\":1}}", ears.next());
            say(device, "$iothub/twin/PATCH/properties/reported/?$rid=r2", "{\"brightness\":{\"value\":7}}");
            assertEquals("$iothub/twin/res/204/?$rid=r2&$version=2 ", ears.next());
            rest(hub, "PATCH", "/twins/dev1", "{\"properties\":{\"desired\":{\"brightness\":9,\"gone\":null}}}");
            assertEquals("$iothub/twin/PATCH/properties/desired/?$version=2 {\"brightness\":9,\"gone\":null,\"$version\":2}", ears.next());

            CompletableFuture<String> outcome = CompletableFuture.supplyAsync(() -> {
                try {
                    return rest(hub, "POST", "/twins/dev1/methods", "{\"methodName\":\"blink\",\"payload\":{\"times\":3},\"responseTimeoutInSeconds\":30}").body();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            String call = ears.next();
            Matcher rid = Pattern.compile("\\$iothub/methods/POST/blink/\\?\\$rid=(\\S+) \\{\"times\":3}").matcher(call);
            assertTrue(rid.matches(), call);
            say(device, "$iothub/methods/res/202/?$rid=" + rid.group(1), "[1.5]");
            assertEquals("{\"status\":202,\"payload\":[1.5]}", Await.result(outcome));

            rest(hub, "POST", "/devices/dev1/messages/deviceBound", "hello", "iothub-app-colour", "dark blue");
            String message = ears.next();
            assertTrue(message.startsWith("devices/dev1/messages/devicebound/%24.to=%2Fdevices%2Fdev1%2Fmessages%2FdeviceBound&%24.mid="), message);
            assertTrue(message.endsWith(" hello") && message.contains("&colour=dark%20blue"), message);

            assertTrue(rest(hub, "GET", "/devices/dev1", "").body().contains("\"connectionState\":\"Connected\""));
            assertThrows(MqttException.class, () -> say(device, "devices/dev2/messages/events/", "not mine"));
            Await.result(ears.lost);
            Await.until("it is gone", () -> {
                try {
                    return rest(hub, "GET", "/devices/dev1", "").body().contains("\"connectionState\":\"Disconnected\"");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void keepsSessionsOverKill() throws Exception {
        Path home = TestHub.home("hub");
        TestHub hub = TestHub.start(home, Map.of());
        register(hub);
        MqttClient device = device(hub, new Ears());
        device.subscribe(C2D, 1);
        device.disconnect();
        for (int i = 0; i < 3; i++) {
            rest(hub, "POST", "/devices/dev1/messages/deviceBound", "m" + i);
        }
        hub.box.kill();
        hub = TestHub.start(home, Map.of());
        Ears ears = new Ears();
        MqttClient again = device(hub, ears);
        for (int i = 0; i < 3; i++) {
            String message = ears.next();
            assertTrue(message.endsWith(" m" + i), message);
        }
        again.disconnect();
        hub.close();
    }

    @Test
    void provisionsADeviceOfTheGroup() throws Exception {
        try (TestHub hub = TestHub.start()) {
            String scope = credentials(hub).getProperty("dps.id-scope");
            String key = Base64.getEncoder().encodeToString(sign(credentials(hub).getProperty("dps.group-key"), "r-1"));
            Ears ears = new Ears();
            MqttClient newcomer = connect(hub, "r-1", scope + "/registrations/r-1/api-version=2019-03-31&ClientVersion=trial",
                    token(scope + "/registrations/r-1", key, "&skn=registration"), ears);
            newcomer.subscribe("$dps/registrations/res/#", 1);
            say(newcomer, "$dps/registrations/PUT/iotdps-register/?$rid=1", "{\"registrationId\":\"r-1\",\"payload\":{\"modelId\":\"dtmi:trial;1\"}}");
            String accepted = ears.next();
            Matcher operation = Pattern.compile("\\$dps/registrations/res/202/\\?\\$rid=1&retry-after=\\d+ .*\"operationId\":\"([^\"]+)\".*").matcher(accepted);
            assertTrue(operation.matches(), accepted);
            say(newcomer, "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=" + operation.group(1), " ");
            String assigned = ears.next();
            assertTrue(assigned.startsWith("$dps/registrations/res/200/?$rid=2 ") && assigned.contains("\"status\":\"assigned\"")
                    && assigned.contains("\"assignedHub\":\"127.0.0.1\"") && assigned.contains("\"deviceId\":\"r-1\""), assigned);
            newcomer.disconnect();
            MqttClient device = connect(hub, "r-1", "127.0.0.1/r-1/?api-version=2021-04-12", token("127.0.0.1/devices/r-1", key, ""), new Ears());
            say(device, "devices/r-1/messages/events/", "here");
            device.disconnect();
        }
    }

    @Test
    void letsNobodyInWithAWrongKey() throws Exception {
        try (TestHub hub = TestHub.start()) {
            register(hub);
            String wrong = Base64.getEncoder().encodeToString("another-key-another-key-another!".getBytes(StandardCharsets.US_ASCII));
            MqttException refused = assertThrows(MqttException.class, () -> connect(hub, "dev1", "127.0.0.1/dev1/?api-version=2021-04-12",
                    token("127.0.0.1/devices/dev1", wrong, ""), new Ears()));
            assertEquals(MqttException.REASON_CODE_NOT_AUTHORIZED, refused.getReasonCode());
        }
    }
}
