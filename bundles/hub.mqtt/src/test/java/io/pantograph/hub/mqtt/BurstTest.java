package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.hub.mqtt.TestHub.Guest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A burst of QoS 0. There are releases of Netty's MQTT codec that end the connection at about the thousandth small packet. */
class BurstTest {

    private static final int MESSAGES = 10_000;

    @TempDir
    Path home;

    @Test
    void losesNoneOfTenThousandMessagesAndKeepsTheirOrder() throws Exception {
        try (TestHub hub = new TestHub(home)) {
            burst(hub, hub.guest("d:fast"));
            MqttConnectOptions options = new MqttConnectOptions();
            options.setSocketFactory(Trust.in(hub.at.authority()).getSocketFactory());
            burst(hub, hub.guest("d:fast", "ssl://localhost:" + hub.at.mqtts(), options));
        }
    }

    private static void burst(TestHub hub, Guest device) throws Exception {
        byte[] filling = "x".repeat(200).getBytes(StandardCharsets.US_ASCII);
        try (device) {
            for (int i = 0; i < MESSAGES; i++) {
                byte[] payload = filling.clone();
                byte[] number = String.valueOf(i).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(number, 0, payload, 0, number.length);
                device.client.publish("eat/this", payload, 0, false);
            }
            for (int i = 0; i < MESSAGES; i++) {
                String eaten = hub.rules.eaten.poll(30, TimeUnit.SECONDS);
                assertEquals(String.valueOf(i), eaten == null ? "lost" : eaten.replace("x", ""));
            }
        }
    }
}
