package io.pantograph.trials;

import io.pantograph.testkit.NoDelay;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** An application at the hub: a plain MQTT client that hears devices and sends commands. */
final class Application implements AutoCloseable {

    record Heard(String topic, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private final MqttClient client;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    Application(TestHub hub, String id) throws Exception {
        client = new MqttClient("tcp://127.0.0.1:" + hub.mqtt(), "a:" + hub.org + ':' + id, new MemoryPersistence());
        client.setTimeToWait(20_000);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(hub.key);
        options.setPassword(hub.keyToken.toCharArray());
        options.setMaxInflight(1000);
        options.setSocketFactory(new NoDelay());
        client.connect(options);
    }

    Application hears(String filter) throws MqttException {
        client.subscribe(filter, 2, (topic, message) -> heard.add(new Heard(topic, message.getPayload())));
        return this;
    }

    void command(String type, String id, String command, String format, String body) throws MqttException {
        client.publish("iot-2/type/" + type + "/id/" + id + "/cmd/" + command + "/fmt/" + format,
                body.getBytes(StandardCharsets.UTF_8), 1, false);
    }

    Heard next() throws InterruptedException {
        Heard next = heard.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was heard for 20 s");
        }
        return next;
    }

    /** What was heard and not asked for yet; null if nothing. */
    Heard now() {
        return heard.poll();
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(100, 500);
        client.close();
    }
}
