package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.DirectMethods;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls of devices. A call is sent once, and never again: a device that loses its connection meanwhile may answer over the next one, as
 * long as somebody waits. An answer that is no JSON is handed on as a text.
 */
final class Methods implements DirectMethods {

    /** Of one device. */
    static final int MOST_IN_FLIGHT = 50;

    private final Keep keep;
    private final Connections connections;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final Map<Identity, List<Call>> byDevice = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    /** So that an answer to a call of an earlier start is not taken for one of this. */
    private final String start = Integer.toHexString(new SecureRandom().nextInt());

    Methods(Keep keep, Connections connections, Executor threads, ScheduledExecutorService timer) {
        this.keep = keep;
        this.connections = connections;
        this.threads = threads;
        this.timer = timer;
    }

    @Override
    public CompletionStage<Values> invoke(Identity identity, Values request) {
        try {
            MethodRequest asked = MethodRequest.of(request, keep.json());
            if (keep.identities().credential(identity).isEmpty()) {
                throw unknown(identity);
            }
            Call call = new Call(identity, start + '-' + Long.toHexString(number.incrementAndGet()), asked);
            enter(call);
            begin(call);
            return call.outcome;
        } catch (AzureException e) {
            return CompletableFuture.failedStage(e);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(stopping());
        }
    }

    private static AzureException stopping() {
        return new AzureException(AzureError.ServiceUnavailable, "the hub is stopping");
    }

    private AzureException unknown(Identity identity) {
        return identity.module().isPresent() && keep.identities().credential(Identity.of(identity.device())).isPresent()
                ? new AzureException(AzureError.ModuleNotFound, "module " + identity + " is not registered")
                : new AzureException(AzureError.DeviceNotFound, "device " + identity.device() + " is not registered");
    }

    private void enter(Call call) throws AzureException {
        boolean[] full = new boolean[1];
        byDevice.compute(call.identity, (identity, others) -> {
            if (others == null) {
                return List.of(call);
            }
            full[0] = others.size() >= MOST_IN_FLIGHT;
            return full[0] ? others : with(others, call);
        });
        if (full[0]) {
            throw new AzureException(AzureError.DeviceMaximumInflightMethodExceeded, MOST_IN_FLIGHT + " calls of " + call.identity + " are under way");
        }
        calls.put(call.rid, call);
        call.outcome.whenComplete((done, failure) -> leave(call)); // also when the caller gives up
    }

    private static List<Call> with(List<Call> others, Call call) {
        List<Call> all = new ArrayList<>(others);
        all.add(call);
        return List.copyOf(all);
    }

    private void leave(Call call) {
        calls.remove(call.rid);
        call.until(null);
        byDevice.computeIfPresent(call.identity, (identity, all) -> {
            List<Call> left = all.stream().filter(other -> other != call).toList();
            return left.isEmpty() ? null : left;
        });
    }

    private void begin(Call call) {
        long patience = call.request.connectSeconds();
        if (patience > 0 && listener(call.identity).isEmpty()) {
            call.patience(after(patience, () -> {
                if (!call.sent()) {
                    offline(call);
                }
            }));
        }
        Optional<Connection> device = listener(call.identity);
        if (device.isPresent()) {
            send(call, device.get());
        } else if (patience == 0) {
            offline(call);
        }
    }

    private Optional<Connection> listener(Identity identity) {
        return connections.of(identity).filter(device -> device.wants(Feed.METHODS).isPresent());
    }

    private Future<?> after(long seconds, Runnable then) {
        return timer.schedule(then, seconds, TimeUnit.SECONDS);
    }

    private void send(Call call, Connection device) {
        if (!call.claim()) {
            return;
        }
        call.until(after(call.request.responseSeconds(), () -> fail(call, new AzureException(AzureError.GatewayTimeout,
                call.identity + " did not answer within " + call.request.responseSeconds() + " s"))));
        CompletableFuture<Void> handed = device.tell(Feed.METHODS, "$iothub/methods/POST/" + call.request.name() + "/?$rid=" + call.rid,
                call.request.body()).toCompletableFuture();
        if (handed.isCompletedExceptionally()) {
            offline(call); // it never left; a failure later on leaves open whether the device has it
        }
    }

    private void offline(Call call) {
        fail(call, new AzureException(AzureError.DeviceNotOnline, connections.of(call.identity).isPresent()
                ? call.identity + " is connected but has not subscribed to methods" : call.identity + " is not connected"));
    }

    /** The device is connected and listens. */
    void listening(Connection device) {
        for (Call call : byDevice.getOrDefault(device.identity(), List.of())) {
            send(call, device);
        }
    }

    /** An answer came; one that nobody waits for any more is dropped. */
    void answered(Identity identity, Said.Answer answer, Bytes payload) {
        Call call = calls.get(answer.rid());
        if (call != null && call.identity.equals(identity)) {
            run(() -> finish(call, answer.status(), payload));
        }
    }

    private void finish(Call call, int status, Bytes payload) {
        Object said = payload.length() > MethodRequest.MOST_BYTES ? null : read(payload);
        leave(call); // first: who waits may call again at once
        if (payload.length() > MethodRequest.MOST_BYTES) {
            call.outcome.completeExceptionally(new AzureException(AzureError.MessageTooLarge,
                    call.identity + " answered with " + payload.length() + " bytes, more than " + MethodRequest.MOST_BYTES));
            return;
        }
        call.outcome.complete(Values.of("status", status, "payload", said));
    }

    private Object read(Bytes payload) {
        if (payload.isEmpty()) {
            return null;
        }
        try {
            return keep.json().read(payload);
        } catch (CodecException e) {
            return payload.text();
        }
    }

    private void fail(Call call, AzureException why) {
        run(() -> {
            leave(call);
            call.outcome.completeExceptionally(why);
        });
    }

    /** Off the threads of the front, whoever waits for the outcome. */
    private void run(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException stopping) {
            work.run();
        }
    }

    /** The hub stops. */
    void close() {
        for (Call call : List.copyOf(calls.values())) {
            call.outcome.completeExceptionally(stopping());
        }
    }
}
