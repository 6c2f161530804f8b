package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.util.UUID;

/** The body of an answer that says no. */
final class Problem {

    private Problem() {
    }

    static Bytes body(Json json, AzureException why, Clock clock) {
        return json.write(Values.builder()
                .put("errorCode", why.error().code())
                .put("message", why.getMessage())
                .put("trackingId", UUID.randomUUID().toString())
                .put("timestampUtc", clock.instant().toString())
                .build());
    }
}
