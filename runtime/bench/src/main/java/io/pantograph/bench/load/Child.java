package io.pantograph.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;

/** One process, one adapter, one measurement: prints a line {@code result name=value ...} and ends. */
public final class Child {

    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Child() {
    }

    public static void main(String[] arguments) throws Exception {
        Target target = Target.read();
        try (Adapter adapter = Adapter.named(arguments[0])) {
            adapter.open(target);
            System.out.println("result " + switch (arguments[1]) {
                case "publish0" -> publish(adapter, 0);
                case "publish1" -> publish(adapter, 1);
                case "roundtrip" -> roundTrip(adapter, target);
                default -> throw new IllegalArgumentException("no measurement " + arguments[1]);
            });
        }
        System.exit(0); // whatever thread an adapter has left behind
    }

    private static String publish(Adapter adapter, int qos) throws Exception {
        int count = Integer.getInteger("bench.messages", 100_000) * (qos == 0 ? 2 : 1);
        send(adapter, qos, count / 2); // warm: the compilers are done before the clock starts
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        send(adapter, qos, count);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double micros = (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / count;
        return String.format(Locale.ROOT, "rate=%.0f cpu=%.3f", count / seconds, micros);
    }

    private static void send(Adapter adapter, int qos, int count) throws Exception {
        Semaphore open = new Semaphore(adapter.window());
        for (int i = 0; i < count; i++) {
            if (!open.tryAcquire(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no acknowledgement for 20 s after " + i + " messages");
            }
            adapter.publish(qos, open::release);
        }
        if (!open.tryAcquire(adapter.window(), 20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("some of the last " + adapter.window() + " messages were not acknowledged within 20 s");
        }
    }

    private static String roundTrip(Adapter adapter, Target target) throws Exception {
        adapter.answer();
        String user = target.hub() ? target.key() : "any";
        MqttAsyncClient asker = BarePaho.connect(target, "a:" + target.org() + ":bench", user, target.keyToken());
        Semaphore answered = new Semaphore(0);
        asker.subscribe(target.applications("iot-2/evt/answer/fmt/json"), 1, (topic, message) -> answered.release())
                .waitForCompletion(10_000);
        String topic = target.applications("iot-2/cmd/ping/fmt/json");
        byte[] body = "{\"n\":1}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int count = Integer.getInteger("bench.roundtrips", 6_000);
        long[] micros = new long[count];
        for (int i = -count / 3; i < count; i++) {
            long begin = System.nanoTime();
            asker.publish(topic, body, 1, false);
            if (!answered.tryAcquire(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no answer within 20 s to command " + i);
            }
            if (i >= 0) {
                micros[i] = (System.nanoTime() - begin) / 1000;
            }
        }
        asker.disconnectForcibly(100, 100);
        Arrays.sort(micros);
        return String.format(Locale.ROOT, "p50=%d p99=%d p999=%d", micros[count / 2], micros[count * 99 / 100], micros[count * 999 / 1000]);
    }
}
