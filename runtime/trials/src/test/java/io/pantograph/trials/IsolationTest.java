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
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.CodecStatus;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.InnerBox;
import io.pantograph.testkit.NoDelay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One device publishes by a good codec, another one by a codec that does what no codec may. The good one goes on; with
 * {@code -Dtrials.long=true}, at 95 % of its rate at least.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IsolationTest {

    private static final boolean LONG = Boolean.getBoolean("trials.long");
    private static final int SECONDS = LONG ? 20 : 3;
    private static final int RATE = Integer.getInteger("trials.rate", 2_000);
    private static final int BAD_RATE = 200;
    private static final String GOOD = "good";

    private TestHub hub;
    private InnerBox box;
    private Path home;
    private CodecBoard board;

    @Test
    void aGoodCodecGoesOnBesideABadOne() throws Exception {
        home = TestHub.home("isolation");
        hub = TestHub.start();
        box = InnerBox.start(TestHub.jar("gateway"), home, Map.of("pantograph.deploy.calls", "0"));
        MqttAsyncClient watcher = null;
        try {
            board = box.service(CodecBoard.class);
            drop(GOOD);
            StormLoad load = new StormLoad(device(GOOD), GOOD, RATE);
            watcher = watcher(load);
            load.start();
            TimeUnit.SECONDS.sleep(SECONDS); // warms up
            System.out.printf("a good codec, of which %d messages a second are asked:%n", RATE);
            for (String misdeed : List.of("throws", "spins", "recurses", "allocates")) {
                drop(misdeed);
                double alone = rate(load); // each time, since a machine has its moods
                Pest pest = new Pest(device(misdeed), misdeed);
                double beside = rate(load);
                Await.until(() -> misdeed + " in quarantine: " + board.codecs(), Await.USUAL, () -> place(misdeed).equals(Optional.of("quarantined")));
                pest.end();
                System.out.printf("  alone %.0f, beside one that %-9s %.0f, which is %.1f %%; that one is in quarantine %s%n", alone, misdeed, beside,
                        100 * beside / alone, status(misdeed).orElseThrow().reason());
                assertTrue(beside > 0, "nothing was sent beside a codec that " + misdeed);
                assertTrue(!LONG || beside >= 0.95 * alone, "beside a codec that " + misdeed + ": " + beside + " a second instead of " + alone);
            }
            load.stop();
            Await.until(() -> "all to be heard: " + load.ledger, Duration.ofSeconds(30), () -> load.ledger.lost() == 0);
            System.out.println("  " + load.ledger);
            assertEquals(null, load.failure.get());
            assertEquals(0, load.ledger.duplicated());
            assertEquals(0, load.ledger.outOfOrder());
        } finally {
            if (watcher != null) {
                watcher.disconnectForcibly(100, 100);
            }
            box.close();
            hub.close();
        }
    }

    /** Of good messages a second, over a while. */
    private static double rate(StormLoad load) throws InterruptedException {
        int before = load.sent();
        long begin = System.nanoTime();
        TimeUnit.SECONDS.sleep(SECONDS);
        return (load.sent() - before) * 1e9 / (System.nanoTime() - begin);
    }

    private Optional<CodecStatus> status(String format) {
        return board.codecs().stream().filter(one -> one.format().equals(format)).findFirst();
    }

    private Optional<String> place(String format) {
        return status(format).map(CodecStatus::place);
    }

    private void drop(String misdeed) throws Exception {
        Path jars = Files.createDirectories(home.resolveSibling(home.getFileName() + "-jars"));
        Path drop = Files.createDirectories(home.resolve("drop"));
        Files.copy(StormJars.treacherous(jars, misdeed, misdeed), drop.resolve(misdeed + ".jar"), StandardCopyOption.REPLACE_EXISTING);
        Await.until(() -> misdeed + " to serve: " + board.codecs(), Await.USUAL, () -> place(misdeed).equals(Optional.of("serving")));
    }

    private Device device(String format) throws Exception {
        box.service(Dialect.class);
        Codecs codecs = box.service(Codecs.class);
        Await.until("the codec", () -> codecs.formats().contains(format));
        hub.register("isolation", "d-" + format);
        Device device = box.service(Gateway.class).connect(DeviceOptions.dialect("watson").with("org", hub.org).with("type", "isolation")
                .with("id", "d-" + format).with("auth-method", "token").secret("auth-token", TestHub.TOKEN).with("domain", "localhost")
                .with("port", hub.mqtt()).with("tls", "false"));
        Await.result(device.connected());
        return device;
    }

    private MqttAsyncClient watcher(StormLoad load) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + hub.mqtt(), "a:" + hub.org + ":ledger", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setSocketFactory(new NoDelay());
        options.setUserName(hub.key);
        options.setPassword(hub.keyToken.toCharArray());
        client.connect(options).waitForCompletion(20_000);
        client.subscribe("iot-2/type/isolation/id/d-" + GOOD + "/evt/+/fmt/" + GOOD, 0, (topic, message) ->
                load.ledger.received(Integer.parseInt(new String(message.getPayload(), StandardCharsets.UTF_8).substring(2)))).waitForCompletion(20_000);
        return client;
    }

    /** Has a codec do the worst that it can, again and again, whatever comes of it. */
    private static final class Pest {

        private final Thread thread;
        private volatile boolean over;

        Pest(Device device, String format) {
            thread = new Thread(() -> {
                while (!over) {
                    device.publish(Telemetry.of("n", Content.of("n", -1)).format(format));
                    pause();
                }
            }, "pest-" + format);
            thread.setDaemon(true);
            thread.start();
        }

        private static void pause() {
            try {
                TimeUnit.MICROSECONDS.sleep(1_000_000 / BAD_RATE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void end() throws InterruptedException {
            over = true;
            thread.join(20_000);
        }
    }
}
