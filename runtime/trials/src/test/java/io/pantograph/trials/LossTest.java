package io.pantograph.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Telemetry;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.FaultProxy;
import io.pantograph.testkit.InnerBox;
import io.pantograph.testkit.Ledger;
import io.pantograph.testkit.NoDelay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;

/** Ledgers: what was accepted at one end is heard at the other, whatever happens in between. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LossTest {

    private static final int MOST_UNHEARD = 2_000;

    private final Ledger ledger = new Ledger();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Publishes numbered readings at QoS 1 until told to stop; at most this many unacknowledged. */
    private Thread publisher(Device device, AtomicBoolean stop, Semaphore open, int pauseMillis) {
        Thread thread = new Thread(() -> {
            try {
                while (!stop.get()) {
                    open.acquire();
                    while (number.get() - ledger.received() > MOST_UNHEARD && !stop.get()) {
                        TimeUnit.MILLISECONDS.sleep(1); // the hub keeps 5,000 for the application, then drops the oldest
                    }
                    int n = number.getAndIncrement();
                    device.publish(Telemetry.of("n", Content.of("n", n))).whenComplete((done, why) -> {
                        open.release();
                        if (why == null) {
                            ledger.promised(n);
                        } else {
                            failure.compareAndSet(null, why);
                        }
                    });
                    if (pauseMillis > 0 && n % 10 == 0) {
                        TimeUnit.MILLISECONDS.sleep(pauseMillis);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "publisher");
        thread.start();
        return thread;
    }

    /** An application that keeps its session, so that it misses nothing either. */
    private MqttAsyncClient watcher(TestHub hub) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + hub.mqtt(), "a:" + hub.org + ":ledger", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setSocketFactory(new NoDelay());
        options.setUserName(hub.key);
        options.setPassword(hub.keyToken.toCharArray());
        client.connect(options).waitForCompletion(20_000);
        client.subscribe("iot-2/type/loss/id/d-1/evt/+/fmt/+", 1, (topic, message) -> {
            String text = new String(message.getPayload(), java.nio.charset.StandardCharsets.UTF_8);
            ledger.received(Integer.parseInt(text.replaceAll("\\D", "")));
        }).waitForCompletion(20_000);
        return client;
    }

    private static Device device(InnerBox box, TestHub hub, int port) throws Exception {
        box.service(Dialect.class);
        Codecs codecs = box.service(Codecs.class);
        Await.until("the codec", () -> codecs.formats().contains("json"));
        return box.service(Gateway.class).connect(DeviceOptions.dialect("watson").with("org", hub.org).with("type", "loss").with("id", "d-1")
                .with("auth-method", "token").secret("auth-token", TestHub.TOKEN).with("domain", "localhost").with("port", port)
                .with("tls", "false"));
    }

    private void settle(Semaphore open, int permits, AtomicBoolean stop, Thread publisher) throws InterruptedException {
        stop.set(true);
        publisher.join(20_000);
        assertTrue(open.tryAcquire(permits, 60, TimeUnit.SECONDS), "some were never acknowledged: " + ledger);
        Await.until(() -> "all to be heard: " + ledger, Duration.ofSeconds(30), () -> ledger.lost() == 0);
    }

    // Somebody updates, stops and starts a codec from a shell while two threads publish.
    @Test
    void aCodecIsUpdatedInPlaceUnderLoad() throws Exception {
        Path home = TestHub.home("gateway");
        try (TestHub hub = TestHub.start()) {
            hub.register("loss", "d-1");
            MqttAsyncClient watcher = watcher(hub);
            try (InnerBox box = InnerBox.start(TestHub.jar("gateway"), home, Map.of()); Device device = device(box, hub, hub.mqtt())) {
                Await.result(device.connected());
                AtomicBoolean stop = new AtomicBoolean();
                Semaphore open = new Semaphore(500);
                Thread publisher = publisher(device, stop, open, 0);
                Bundle codec = box.bundle("io.pantograph.codec.json");
                for (int i = 0; i < 25; i++) {
                    Path jar = home.resolveSibling(home.getFileName() + "-inner").resolve(codec.getLocation().substring("box:".length()));
                    try (var in = java.nio.file.Files.newInputStream(jar)) {
                        codec.update(in);
                    }
                    codec.stop();
                    codec.start();
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                settle(open, 500, stop, publisher);
            }
            watcher.disconnectForcibly(100, 100);
            System.out.println("50 restarts of a codec under load: " + ledger);
            assertEquals(null, failure.get());
            assertEquals(0, ledger.lost());
            assertEquals(0, ledger.duplicated());
            assertEquals(0, ledger.outOfOrder());
            assertTrue(ledger.promised() > 1_000, "hardly any load: " + ledger);
        }
    }

    // The link is cut again and again; what is sent twice is allowed at QoS 1, what is lost or overtaken is not.
    @Test
    void theLinkIsCutAgainAndAgain() throws Exception {
        Path home = TestHub.home("gateway");
        try (TestHub hub = TestHub.start(); FaultProxy link = new FaultProxy("127.0.0.1", hub.mqtt())) {
            hub.register("loss", "d-1");
            MqttAsyncClient watcher = watcher(hub);
            try (InnerBox box = InnerBox.start(TestHub.jar("gateway"), home, Map.of()); Device device = device(box, hub, link.port())) {
                Await.result(device.connected());
                AtomicBoolean stop = new AtomicBoolean();
                Semaphore open = new Semaphore(5_000);
                Thread publisher = publisher(device, stop, open, 1);
                for (int i = 0; i < 15; i++) {
                    TimeUnit.MILLISECONDS.sleep(500);
                    link.cut();
                }
                settle(open, 5_000, stop, publisher);
            }
            watcher.disconnectForcibly(100, 100);
            System.out.println("15 cuts of the link: " + ledger);
            assertEquals(null, failure.get());
            assertEquals(0, ledger.lost());
            assertEquals(0, ledger.outOfOrder());
            assertTrue(ledger.promised() > 1_000, "hardly any load: " + ledger);
        }
    }
}
