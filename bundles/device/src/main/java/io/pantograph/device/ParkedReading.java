package io.pantograph.device;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Telemetry;
import io.pantograph.api.operator.Parked;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A reading that waits for a codec, and the promise made for it. */
final class ParkedReading {

    private static final int ANY = 64;

    final Telemetry telemetry;
    final Instant accepted;
    final Optional<Instant> expiry;
    final int weight;
    final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private final String reason;
    /** How often a codec was there for it and then was not. */
    int tries;

    ParkedReading(Telemetry telemetry, Instant accepted, Optional<Instant> expiry, String reason) {
        this.telemetry = telemetry;
        this.accepted = accepted;
        this.expiry = expiry;
        this.reason = reason;
        weight = weight(telemetry.content());
    }

    boolean overdue(Instant now) {
        return expiry.isPresent() && !now.isBefore(expiry.get());
    }

    String reason() {
        return reason;
    }

    Parked shown(DeviceId device) {
        return new Parked(device, true, telemetry.event(), telemetry.format(), weight, accepted, reason);
    }

    void sent(Throwable failure) {
        if (failure == null) {
            outcome.complete(null);
        } else {
            outcome.completeExceptionally(failure);
        }
    }

    void failed(DeliveryException why) {
        outcome.completeExceptionally(why);
    }

    /** About how many bytes of memory it takes. */
    private static int weight(Content content) {
        return (int) Math.min(Integer.MAX_VALUE, weight(content.data()));
    }

    private static long weight(Object data) {
        if (data instanceof String text) {
            return ANY + 2L * text.length();
        }
        if (data instanceof Bytes bytes) {
            return ANY + bytes.length();
        }
        if (data instanceof List<?> list) {
            return ANY + list.stream().mapToLong(ParkedReading::weight).sum();
        }
        if (data instanceof Map<?, ?> map) {
            return ANY + map.entrySet().stream().mapToLong(entry -> weight(entry.getKey()) + weight(entry.getValue())).sum();
        }
        return ANY;
    }
}
