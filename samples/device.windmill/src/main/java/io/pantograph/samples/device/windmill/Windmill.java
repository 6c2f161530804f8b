package io.pantograph.samples.device.windmill;

import io.pantograph.api.codec.RequireCodec;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the wind's speed every second. How it logs in stands in {@code HOME/conf/devices/}; what it tells while the connection is
 * cut waits, in order, and is sent after the reconnect.
 */
@Component(service = {})
@RequireCodec("json")
public final class Windmill {

    private static final Logger log = LoggerFactory.getLogger(Windmill.class);
    private static final double STORM = 13;

    private final Device device;
    private final Random wind = new Random();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "windmill"));
    private long confirmed;
    private long failed;

    @Activate
    public Windmill(@Reference Gateway gateway) {
        device = gateway.attach(new DeviceId("windmill", "windmill"));
        clock.scheduleAtFixedRate(() -> tell(10 + 4 * wind.nextDouble()), 1, 1, TimeUnit.SECONDS);
    }

    void tell(double speed) {
        Values reading = Values.of("deviceId", device.id().name(), "windSpeed", Math.round(speed * 100) / 100.0);
        Telemetry telemetry = Telemetry.of("wind", Content.of(reading))
                .messageId(UUID.randomUUID().toString())
                .properties(Map.of("windAlert", String.valueOf(speed > STORM)));
        device.publish(telemetry).whenComplete((done, failure) -> confirmed(failure));
    }

    // Called when the hub has acknowledged it, or when it will never be: then the failure says why.
    private synchronized void confirmed(Throwable failure) {
        if (failure == null) {
            confirmed++;
        } else {
            failed++;
        }
        if ((confirmed + failed) % 10 == 0) {
            log.info("{}: {} confirmed, {} failed, send status {}", device.id(), confirmed, failed, device.sendStatus());
        }
    }

    synchronized long confirmed() {
        return confirmed;
    }

    @Deactivate
    void stop() {
        clock.shutdownNow(); // the device is the gateway's to close
    }
}
