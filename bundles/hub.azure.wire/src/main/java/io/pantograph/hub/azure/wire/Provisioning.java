package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provisioning service: whoever registers is told that it is being assigned, and the outcome when it asks again. The outcome is
 * known by then, but the clients all ask, and some never look at an answer that comes at once.
 */
final class Provisioning {

    private static final Logger log = LoggerFactory.getLogger(Provisioning.class);
    private static final int RETRY_AFTER_S = 1;
    private static final int MOST_OPERATIONS = 10_000;

    /** What is said on the topic of answers. */
    record Answer(int status, OptionalInt retryAfter, Bytes body) {
    }

    private record Operation(String registrationId, Values state) {
    }

    private final Enrollments enrollments;
    private final Json json;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Map<String, Operation> operations = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Operation> eldest) {
            return size() > MOST_OPERATIONS;
        }
    };

    Provisioning(Keep keep, Clock clock, ScheduledExecutorService timer) {
        enrollments = keep.enrollments();
        json = keep.json();
        this.clock = clock;
        this.timer = timer;
    }

    ScheduledFuture<?> endAfter(Duration limit, Runnable then) {
        return timer.schedule(then, limit.toSeconds(), TimeUnit.SECONDS);
    }

    Answer register(Registration who, Bytes body) {
        try {
            Values state = enrollments.register(who.clientId(), who.proof().by(), payload(who.clientId(), body));
            String operation = UUID.randomUUID().toString();
            synchronized (operations) {
                operations.put(operation, new Operation(who.clientId(), state));
            }
            log.info("registration '{}': {}", who.clientId(), state.getOrDefault("status", "of no status"));
            return new Answer(202, OptionalInt.of(RETRY_AFTER_S), json.write(Values.of("operationId", operation, "status", "assigning")));
        } catch (AzureException e) {
            return refused(e);
        } catch (RuntimeException e) {
            log.error("the hub failed on registration '{}'", who.clientId(), e);
            return refused(new AzureException(AzureError.ServerError, "the hub failed"));
        }
    }

    private Optional<Object> payload(String id, Bytes body) throws AzureException {
        Object request;
        try {
            request = json.read(body);
        } catch (CodecException e) {
            throw new AzureException(AzureError.IotHubFormatError, "a registration must be a JSON object: " + e.getMessage());
        }
        if (!(request instanceof Values values)) {
            throw new AzureException(AzureError.IotHubFormatError, "a registration must be a JSON object");
        }
        if (values.get("registrationId") != null && !id.equals(values.get("registrationId"))) {
            throw new AzureException(AzureError.IotHubUnauthorized,
                    "'" + Names.visible(String.valueOf(values.get("registrationId"))) + "' cannot be registered by '" + id + "'");
        }
        return Optional.ofNullable(values.get("payload"));
    }

    Answer poll(Registration who, String operationId) {
        Operation operation;
        synchronized (operations) {
            operation = operations.get(operationId);
        }
        if (operation == null || !operation.registrationId.equals(who.clientId())) {
            return refused(new AzureException(AzureError.NotFound, "operation '" + Names.visible(operationId) + "' is not known; register again"));
        }
        return new Answer(200, OptionalInt.empty(), json.write(Values.of("operationId", operationId,
                "status", operation.state.getOrDefault("status", "failed"), "registrationState", operation.state)));
    }

    Answer refused(AzureException why) {
        OptionalInt retry = why.error().status() == 429 ? OptionalInt.of(RETRY_AFTER_S) : OptionalInt.empty();
        return new Answer(why.error().status(), retry, Problem.body(json, why, clock));
    }
}
