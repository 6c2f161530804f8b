package io.pantograph.trials;

import io.pantograph.api.device.Device;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Telemetry;
import io.pantograph.testkit.Ledger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** One device that publishes numbered readings of one format at a steady rate, and its ledger. */
final class StormLoad {

    static final int MOST_OPEN = 1_000;
    /** The hub keeps 5,000 for an application, then drops the oldest. */
    private static final int MOST_UNHEARD = 1_000;

    final String format;
    final Ledger ledger = new Ledger();
    final AtomicReference<Throwable> failure = new AtomicReference<>();

    private final Device device;
    /** So many at a time, every two milliseconds: to wait for each would cost more than the messages do. */
    private final int burst;
    private final long gapNanos;
    private final AtomicInteger number = new AtomicInteger();
    private final Semaphore open = new Semaphore(MOST_OPEN);
    private final int[] micros = new int[3_000_000];
    private final AtomicInteger measured = new AtomicInteger();
    private volatile boolean stop;
    private Thread thread;

    StormLoad(Device device, String format, int perSecond) {
        this.device = device;
        this.format = format;
        burst = Math.max(1, perSecond / 500);
        gapNanos = 1_000_000_000L * burst / perSecond;
    }

    void start() {
        thread = new Thread(this::run, "storm-" + format);
        thread.start();
    }

    private void run() {
        long next = System.nanoTime();
        try {
            while (!stop) {
                while (number.get() - ledger.received() > MOST_UNHEARD && !stop) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                long now = System.nanoTime();
                if (next > now) {
                    LockSupport.parkNanos(next - now);
                    now = System.nanoTime();
                }
                next = Math.max(next + gapNanos, now - 5_000_000); // what was missed is not made up for in one burst
                for (int i = 0; i < burst; i++) {
                    open.acquire();
                    one(System.nanoTime());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void one(long begun) {
        int n = number.getAndIncrement();
        device.publish(Telemetry.of("n", Content.of("n", n)).format(format)).whenComplete((done, why) -> {
            micros[measured.getAndIncrement() % micros.length] = (int) ((System.nanoTime() - begun) / 1_000);
            open.release();
            if (why == null) {
                ledger.promised(n);
            } else {
                failure.compareAndSet(null, why);
            }
        });
    }

    /** @param payload {@code n=} and a number */
    void heard(byte[] payload) {
        int n = 0;
        for (int i = 2; i < payload.length; i++) {
            n = n * 10 + payload[i] - '0';
        }
        ledger.received(n);
    }

    int sent() {
        return number.get();
    }

    void stop() throws InterruptedException {
        stop = true;
        thread.join(20_000);
        if (!open.tryAcquire(MOST_OPEN, 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(format + ": some were never acknowledged: " + ledger);
        }
    }

    /** It was enough, whatever is on its way. */
    void abandon() {
        stop = true;
    }

    /** From publishing to the hub's acknowledgement, of all since the last call, in microseconds. */
    int[] latencies() {
        int count = Math.min(measured.getAndSet(0), micros.length);
        return Arrays.copyOf(micros, count);
    }

    static Duration quantile(double share, int[]... parts) {
        int[] all = Arrays.stream(parts).flatMapToInt(Arrays::stream).sorted().toArray();
        return all.length == 0 ? Duration.ZERO : Duration.of(all[(int) Math.min(all.length - 1, (long) (all.length * share))], ChronoUnit.MICROS);
    }
}
