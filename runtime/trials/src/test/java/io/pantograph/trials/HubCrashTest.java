package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The hub is stopped, and killed, and comes back on the same data. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HubCrashTest {

    @Test
    void storedCommandsSurviveARestart() throws Exception {
        Path home = TestHub.home("hub");
        TestHub hub = TestHub.start(home, Map.of());
        hub.register("away", "d-1");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        MqttClient device = device(hub, heard);
        device.subscribe("iot-2/cmd/+/fmt/+", 1);
        device.disconnect();
        try (Application application = hub.application("commander")) {
            for (int i = 0; i < 5; i++) {
                application.command("away", "d-1", "kept-" + i, "json", "{}");
            }
        }
        hub.box.stop();
        String before = hub.keyToken;

        hub = TestHub.start(home, Map.of());
        assertEquals(before, hub.keyToken, "the credentials changed");
        device = device(hub, heard);
        for (int i = 0; i < 5; i++) {
            assertEquals("iot-2/cmd/kept-" + i + "/fmt/json", heard.poll(20, TimeUnit.SECONDS));
        }
        device.disconnect();
        hub.close();
    }

    private static MqttClient device(TestHub hub, BlockingQueue<String> heard) throws Exception {
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + hub.mqtt(), "d:" + hub.org + ":away:d-1", new MemoryPersistence());
        client.setCallback(new MqttCallback() {
            @Override
            public void messageArrived(String topic, MqttMessage message) {
                heard.add(topic);
            }

            @Override
            public void connectionLost(Throwable cause) {
            }

            @Override
            public void deliveryComplete(IMqttDeliveryToken token) {
            }
        });
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(false);
        options.setUserName("use-token-auth");
        options.setPassword(TestHub.TOKEN.toCharArray());
        client.connect(options);
        return client;
    }

    @Test
    void anArtifactThatWasTakenSurvivesAKill() throws Exception {
        Path home = TestHub.home("hub");
        byte[] large = new byte[5_000_000];
        new java.util.Random(1).nextBytes(large);
        TestHub hub = TestHub.start(home, Map.of());
        String sha256 = hub.put(large);
        hub.box.kill();
        try (TestHub again = TestHub.start(home, Map.of())) {
            assertEquals(200, again.fetch(sha256).statusCode());
            assertArrayEquals(large, again.fetch(sha256).body());
        }
    }

    // Whatever a REST call has answered with 201 is there after kill -9.
    @Test
    void whatWasRegisteredSurvivesAKill() throws Exception {
        Path home = TestHub.home("hub");
        List<String> promised = Collections.synchronizedList(new ArrayList<>());
        for (int round = 0; round < 3; round++) {
            TestHub hub = TestHub.start(home, Map.of());
            for (String id : promised) {
                assertEquals(200, hub.rest("GET", "/device/types/sturdy/devices/" + id, null).statusCode(), id + " is lost");
            }
            hub.rest("POST", "/device/types", "{\"id\":\"sturdy\"}");
            int from = promised.size();
            String prefix = "r" + round + "-";
            TestHub target = hub;
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; ; i++) {
                        String id = prefix + i;
                        if (target.rest("POST", "/device/types/sturdy/devices", "{\"deviceId\":\"" + id + "\"}").statusCode() == 201) {
                            promised.add(id);
                        }
                    }
                } catch (Exception e) {
                    // the hub was killed, as intended
                }
            });
            writer.start();
            io.pantograph.testkit.Await.until("some devices", () -> promised.size() >= from + 20);
            hub.box.kill();
            writer.join(20_000);
        }
        assertNotEquals(0, promised.size());
        TestHub last = TestHub.start(home, Map.of());
        String answer = last.rest("GET", "/device/types/sturdy/devices?_limit=1", null).body();
        assertTrue(answer.contains("\"total_rows\":"), answer);
        long total = Long.parseLong(answer.replaceAll(".*\"total_rows\":\\s*(\\d+).*", "$1"));
        System.out.println("3 kills: " + promised.size() + " devices answered 201, " + total + " are there");
        assertTrue(total >= promised.size(), total + " < " + promised.size());
        last.close();
    }

    // Each file with a secret is its owner's alone.
    @Test
    void secretsAreTheOwnersAlone() throws Exception {
        Path home = TestHub.home("hub");
        try (TestHub hub = TestHub.start(home, Map.of())) {
            hub.register("quiet", "d-1");
            List<String> open = new ArrayList<>();
            try (var files = java.nio.file.Files.walk(home.resolve("hub"))) {
                for (Path file : (Iterable<Path>) files.filter(java.nio.file.Files::isRegularFile)::iterator) {
                    boolean secret = !List.of("ca.pem", "ports.properties").contains(file.getFileName().toString());
                    var rights = java.nio.file.Files.getPosixFilePermissions(file);
                    if (secret && rights.stream().anyMatch(r -> !r.name().startsWith("OWNER"))) {
                        boolean hidden = false; // a folder on the way that nobody else may enter is as good
                        for (Path folder = file.getParent(); folder.startsWith(home.resolve("hub")); folder = folder.getParent()) {
                            hidden |= java.nio.file.Files.getPosixFilePermissions(folder).stream().allMatch(r -> r.name().startsWith("OWNER"));
                        }
                        if (!hidden) {
                            open.add(home.relativize(file) + " " + rights);
                        }
                    }
                }
            }
            assertEquals(List.of(), open);
            String printed = hub.box.printed();
            String log = java.nio.file.Files.readString(home.resolve("log").resolve("pantograph.log"), StandardCharsets.UTF_8);
            for (String secret : List.of(hub.keyToken, TestHub.TOKEN)) {
                assertTrue(!printed.contains(secret) && !log.contains(secret), "a secret is in the log");
            }
        }
    }
}
