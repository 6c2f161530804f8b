package io.pantograph.bench.load;

import io.pantograph.testkit.NoDelay;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** The peer: Eclipse Paho's asynchronous client as it is, but with TCP_NODELAY, without which it is no rival. */
final class BarePaho implements Adapter {

    static final String BODY = "{\"celsius\":21.53,\"humidity\":48.2,\"pressure\":1013.25,\"serial\":\"A-12345678\",\"running\":true,"
            + "\"count\":123456,\"mode\":\"auto\",\"setPoint\":22.0,\"valve\":0.37,\"alarm\":null,\"room\":\"boiler 2\",\"power\":1834}";

    private final byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
    private final ExecutorService answers = Executors.newSingleThreadExecutor();
    private MqttAsyncClient client;

    @Override
    public void open(Target target) throws Exception {
        client = connect(target, "d:" + target.org() + ':' + target.type() + ':' + target.id(), "use-token-auth", target.token());
    }

    static MqttAsyncClient connect(Target target, String clientId, String user, String password) throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient("tcp://" + target.host() + ':' + target.port(), clientId, new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(1000);
        options.setSocketFactory(new NoDelay());
        options.setUserName(user);
        options.setPassword(password.toCharArray());
        client.connect(options).waitForCompletion(10_000);
        return client;
    }

    @Override
    public int window() {
        return 100;
    }

    @Override
    public void publish(int qos, Runnable done) throws MqttException {
        client.publish("iot-2/evt/load/fmt/json", body, qos, false, null, new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                done.run();
            }

            @Override
            public void onFailure(IMqttToken token, Throwable cause) {
                throw new IllegalStateException("publish failed", cause);
            }
        });
    }

    @Override
    public void answer() throws MqttException {
        client.setCallback(new MqttCallback() {
            @Override
            public void messageArrived(String topic, MqttMessage message) {
                // Paho's own advice: not in the callback.
                answers.execute(() -> {
                    try {
                        client.publish("iot-2/evt/answer/fmt/json", message.getPayload(), 1, false);
                    } catch (MqttException e) {
                        throw new IllegalStateException("the answer failed", e);
                    }
                });
            }

            @Override
            public void deliveryComplete(IMqttDeliveryToken token) {
            }

            @Override
            public void connectionLost(Throwable cause) {
                System.err.println("connection lost: " + cause);
            }
        });
        client.subscribe("iot-2/cmd/+/fmt/+", 1).waitForCompletion(10_000);
    }

    @Override
    public void close() throws Exception {
        answers.shutdownNow();
        client.disconnect(1000).waitForCompletion(5_000);
        client.close();
    }
}
