package io.pantograph.testkit;

import io.pantograph.api.command.Command;
import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.device.SendStatus;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A device whose hub takes everything at once and keeps it, for tests of what its author wrote. */
public final class PretendDevice implements Device {

    private final DeviceId id;
    private final List<Telemetry> published = new CopyOnWriteArrayList<>();
    private final List<Values> reported = new CopyOnWriteArrayList<>();
    private final Map<String, Object> outcomes = new ConcurrentHashMap<>();
    private final List<DesiredResult> results = new CopyOnWriteArrayList<>();
    private volatile DeliveryException failure;
    private volatile Twin twin;

    public PretendDevice(String type, String name) {
        id = new DeviceId(type, name);
    }

    /** A gateway where this one is attached, and no other. */
    public Gateway gateway() {
        return new Gateway() {
            @Override
            public Device attach(DeviceId device) {
                if (!device.equals(id)) {
                    throw new IllegalArgumentException("here is " + id + " alone, no " + device);
                }
                return PretendDevice.this;
            }

            @Override
            public Device connect(DeviceOptions options) {
                throw new IllegalStateException("here is " + id + " alone, which is attached");
            }
        };
    }

    /** A command for this device. @param data of its body */
    public Command command(String name, Object data) {
        return new Command("1", id, name, "json", Content.of(data).at(Instant.EPOCH), Instant.MAX);
    }

    /** From now on nothing reaches the hub, for this reason. */
    public void failing(DeliveryException why) {
        failure = why;
    }

    /** What was published, in order; may be cleared. */
    public List<Telemetry> published() {
        return published;
    }

    /** Each report, in order; those of a component are under its name. */
    public List<Values> reported() {
        return reported;
    }

    /** The outcomes that were told later, by the name of the command. */
    public Map<String, Object> outcomes() {
        return outcomes;
    }

    /** From now on this is what the hub has; none until told. */
    public PretendDevice with(Twin twin) {
        this.twin = twin;
        return this;
    }

    @Override
    public CompletionStage<Twin> twin() {
        Twin now = twin;
        return now == null ? Device.super.twin() : CompletableFuture.completedStage(now);
    }

    /** What became of desired values, as it was told later, in order. */
    public List<DesiredResult> results() {
        return results;
    }

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public CompletionStage<Void> publish(Telemetry telemetry) {
        return taken(() -> published.add(telemetry));
    }

    @Override
    public CompletionStage<Void> report(Values patch) {
        return taken(() -> reported.add(patch));
    }

    @Override
    public CompletionStage<Void> report(String component, Values patch) {
        return taken(() -> reported.add(Values.of(component, patch)));
    }

    @Override
    public CompletionStage<Void> outcome(Command command, Object outcome) {
        return taken(() -> outcomes.put(command.name(), outcome));
    }

    @Override
    public CompletionStage<Void> became(Desired desired, DesiredResult result) {
        return taken(() -> results.add(result));
    }

    private CompletionStage<Void> taken(Runnable take) {
        if (failure != null) {
            return CompletableFuture.failedStage(failure);
        }
        take.run();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public SendStatus sendStatus() {
        return SendStatus.IDLE;
    }

    @Override
    public DeviceStatus status() {
        return new DeviceStatus(DeviceStatus.State.CONNECTED, DeviceStatus.Reason.NONE, "", Instant.EPOCH);
    }

    @Override
    public CompletionStage<Void> connected() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
        // nothing is open
    }
}
