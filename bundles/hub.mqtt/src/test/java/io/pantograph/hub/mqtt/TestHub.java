package io.pantograph.hub.mqtt;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.hub.HttpBackend;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.testkit.PlainSettings;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

/** The MQTT front with made-up rules, on free ports, without a framework. */
final class TestHub implements AutoCloseable {

    final FakeRules rules = new FakeRules();
    final PlainSettings settings;
    final Broker broker;
    final HubEndpoints at;
    final Doors doors;
    private final CompletableFuture<HubEndpoints> told = new CompletableFuture<>();
    private final CountDownLatch withdrawn = new CountDownLatch(1);

    TestHub(Path home) throws Exception {
        this(settings(home), () -> 1, Duration.ofSeconds(10));
    }

    TestHub(PlainSettings settings, HttpBackend http, Duration patience) throws Exception {
        this.settings = settings;
        broker = new Broker(settings);
        doors = new Doors(settings, broker, context(), patience);
        doors.addRules(rules, Map.of(Constants.SERVICE_ID, 1L));
        doors.setBackend(http);
        settings.failed().thenAccept(told::completeExceptionally);
        try {
            at = told.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Every port free. */
    static PlainSettings settings(Path home) {
        PlainSettings settings = new PlainSettings(home);
        for (String port : new String[] {"mqtt", "mqtts", "https", "http"}) {
            settings.with("pantograph.hub." + port + ".port", "0");
        }
        return settings;
    }

    private BundleContext context() {
        ServiceRegistration<?> registration = (ServiceRegistration<?>) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {ServiceRegistration.class}, (self, method, arguments) -> {
                    withdrawn.countDown();
                    return null;
                });
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (self, method, arguments) -> {
            told.complete((HubEndpoints) arguments[1]);
            return registration;
        });
    }

    boolean withdrawn() {
        return withdrawn.getCount() == 0;
    }

    Guest guest(String clientId) throws MqttException {
        return guest(clientId, true);
    }

    Guest guest(String clientId, boolean clean) throws MqttException {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(clean);
        return guest(clientId, "tcp://127.0.0.1:" + at.mqtt(), options);
    }

    Guest guest(String clientId, String uri, MqttConnectOptions options) throws MqttException {
        if (options.getUserName() == null) {
            options.setUserName("user");
            options.setPassword("secret".toCharArray());
        }
        options.setConnectionTimeout(10);
        options.setMaxInflight(200);
        return new Guest(clientId, uri, options);
    }

    @Override
    public void close() throws InterruptedException, SettingException {
        doors.close();
        broker.close();
    }

    /** A stranger: a plain Paho client. */
    static final class Guest implements AutoCloseable, MqttCallback {

        record Heard(String topic, MqttMessage message) {

            String text() {
                return new String(message.getPayload(), java.nio.charset.StandardCharsets.UTF_8);
            }
        }

        final MqttClient client;
        final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
        private final CountDownLatch lost = new CountDownLatch(1);

        Guest(String clientId, String uri, MqttConnectOptions options) throws MqttException {
            client = new MqttClient(uri, clientId, new MemoryPersistence());
            client.setTimeToWait(10_000);
            client.setCallback(this);
            client.connect(options);
        }

        void say(String topic, String text, int qos) throws MqttException {
            client.publish(topic, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), qos, false);
        }

        Heard hear() throws InterruptedException {
            Heard next = heard.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError(client.getClientId() + " heard nothing");
            }
            return next;
        }

        boolean lost() throws InterruptedException {
            return lost.await(10, TimeUnit.SECONDS);
        }

        @Override
        public void connectionLost(Throwable cause) {
            lost.countDown();
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            heard.add(new Heard(topic, message));
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // publish() of the blocking client waits for it
        }

        @Override
        public void close() throws MqttException {
            if (client.isConnected()) {
                client.disconnect(1_000);
            }
            client.close(true);
        }
    }
}
