package io.pantograph.trials;

import io.pantograph.api.device.Device;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.service.EventWatch;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.Ledger;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Publishes numbered readings of one device until it is told to stop, and keeps account of what the hub's event log has of them. */
final class AzureLoad {

    private static final int MOST_OPEN = 2_000;

    final Ledger ledger = new Ledger();
    private final AzureCloud cloud;
    private final Device device;
    private final Semaphore open = new Semaphore(MOST_OPEN);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean stop;

    /** @param perMilli readings of each millisecond, at most */
    private AzureLoad(AzureCloud cloud, Device device, int perMilli) {
        this.cloud = cloud;
        this.device = device;
        thread = new Thread(() -> publish(perMilli), "load-of-" + device.id().name());
    }

    static AzureLoad start(AzureCloud cloud, Device device, int perMilli) {
        AzureLoad load = new AzureLoad(cloud, device, perMilli);
        load.thread.start();
        return load;
    }

    private void publish(int perMilli) {
        try {
            for (int i = 0; !stop; i++) {
                open.acquire();
                int n = i;
                device.publish(Telemetry.of("n", Content.of("n", n))).whenComplete((done, why) -> {
                    open.release();
                    if (why == null) {
                        ledger.promised(n);
                    } else {
                        failure.compareAndSet(null, why);
                    }
                });
                if (i % perMilli == 0) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until each was acknowledged, then reads the log from its beginning. @throws AssertionError if one failed, or is lost */
    Ledger settle() throws InterruptedException {
        stop = true;
        thread.join(30_000);
        if (!open.tryAcquire(MOST_OPEN, 60, TimeUnit.SECONDS)) {
            throw new AssertionError("some were never acknowledged: " + ledger + ", " + device.status());
        }
        if (failure.get() != null) {
            throw new AssertionError("one was not delivered: " + failure.get(), failure.get());
        }
        try (EventWatch watch = cloud.watch(device.id().name(), event -> ledger.received(number(event.body().text())))) {
            Await.until(() -> "all to be in the log: " + ledger, Duration.ofSeconds(30), () -> ledger.lost() == 0);
        }
        return ledger;
    }

    static int number(String text) {
        return Integer.parseInt(text.substring(text.indexOf(':') + 1, text.indexOf('}')).trim());
    }
}
