package io.pantograph.twin;

import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.TwinGrammar;
import io.pantograph.api.dialect.TwinGrammar.Wish;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import io.pantograph.api.wire.Frame;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins what one device reports with what is desired of it. Whatever happens is put in line and taken up one after the other. */
final class KeptTwin implements DeviceTwin {

    static final int MOST_REPORTS = 10_000;
    static final int MOST_READS = 1_000;
    static final Duration READ_PATIENCE = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(KeptTwin.class);

    private final DeviceId device;
    private final House house;
    private final Consumer<KeptTwin> forget;
    private final Serial serial;
    private final Reports reports;
    private final Deliveries deliveries;
    private final Sync sync;
    private final AtomicInteger reporting = new AtomicInteger();
    private final AtomicInteger reading = new AtomicInteger();
    private volatile boolean closed;

    /** What was reported last of each value that is wanted: an object is merged with it. */
    private final Map<Deliveries.Key, Object> answered = new HashMap<>();

    /** The cloud is known to have no twins. */
    private boolean none;

    KeptTwin(DeviceId device, House house, Consumer<KeptTwin> forget) {
        this.device = device;
        this.house = house;
        this.forget = forget;
        serial = new Serial(house.steps());
        RequestNames names = new RequestNames();
        reports = new Reports(device, house, serial, names);
        deliveries = new Deliveries(device, house, serial, this::acknowledge);
        sync = new Sync(device, house, serial, names, deliveries);
    }

    // --- authors

    @Override
    public CompletionStage<Twin> read() {
        if (closed) {
            return CompletableFuture.failedStage(gone());
        }
        CompletableFuture<Twin> author = new CompletableFuture<>();
        if (!counted(reading, MOST_READS, author)) {
            return CompletableFuture.failedStage(new DeliveryException(Reason.OVERFLOW, MOST_READS + " reads of the twin of " + device
                    + " wait already"));
        }
        serial.execute(() -> {
            if (closed) {
                author.completeExceptionally(gone());
            } else if (none) {
                author.completeExceptionally(noTwin());
            } else {
                Future<?> end = house.later(READ_PATIENCE, serial, () -> sync.expire(author, "the twin of " + device + " was not read within "
                        + READ_PATIENCE.toSeconds() + " s: " + (sync.isConnected() ? "the hub did not answer" : "there is no connection")));
                author.whenComplete((twin, failure) -> end.cancel(false));
                sync.read(author);
            }
        });
        return author.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> report(Optional<String> component, Values patch) {
        Objects.requireNonNull(patch);
        return component.isEmpty() ? report(grammar -> patch, patch) : report(grammar -> grammar.within(component.get(), patch), patch);
    }

    @Override
    public CompletionStage<Void> outcome(String command, Object outcome) {
        Object frozen = Content.of(outcome).data();
        return report(grammar -> grammar.outcome(command, frozen), Values.of(command, frozen));
    }

    @Override
    public CompletionStage<Void> became(Desired desired, DesiredResult result) {
        if (closed) {
            return CompletableFuture.failedStage(gone());
        }
        CompletableFuture<Void> promise = new CompletableFuture<>();
        if (!counted(reporting, MOST_REPORTS, promise)) {
            return CompletableFuture.failedStage(tooManyReports());
        }
        serial.execute(() -> {
            if (closed || deliveries.isOpen(desired)) {
                acknowledge(desired, Deliveries.Answer.of(desired, result), promise);
            } else {
                promise.complete(null); // what is reported now is of the newer value
            }
        });
        return promise.minimalCompletionStage();
    }

    private CompletionStage<Void> report(Function<TwinGrammar, Values> shape, Values raw) {
        if (closed) {
            return CompletableFuture.failedStage(gone());
        }
        CompletableFuture<Void> promise = new CompletableFuture<>();
        if (!counted(reporting, MOST_REPORTS, promise)) {
            return CompletableFuture.failedStage(tooManyReports());
        }
        serial.execute(() -> take(shape, raw, promise));
        return promise.minimalCompletionStage();
    }

    private static boolean counted(AtomicInteger count, int most, CompletableFuture<?> promise) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return false;
        }
        promise.whenComplete((done, failure) -> count.decrementAndGet());
        return true;
    }

    private void take(Function<TwinGrammar, Values> shape, Values raw, CompletableFuture<Void> promise) {
        if (closed) {
            promise.completeExceptionally(gone());
        } else if (none) {
            promise.completeExceptionally(noTwin());
        } else {
            reports.take(shape, raw, promise);
        }
    }

    /** Reports what a handler made of a value. */
    private void acknowledge(Desired desired, Deliveries.Answer answer) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        told.whenComplete((done, failure) -> {
            if (failure != null && !closed) {
                log.warn("what became of desired '{}' of {} could not be reported: {}", desired.property(), device, failure.getMessage());
            }
        });
        acknowledge(desired, answer, told);
    }

    private void acknowledge(Desired desired, Deliveries.Answer answer, CompletableFuture<Void> told) {
        Wish wish = new Wish(desired.component(), desired.property(), desired.value());
        Deliveries.Key key = Deliveries.Key.of(wish);
        Object value = Merge.replacing(answer.value() == null ? answered.remove(key) : answered.put(key, answer.value()), answer.value());
        take(grammar -> grammar.acknowledgement(wish, answer.status(), answer.note(), value, desired.version()), Values.EMPTY, told);
    }

    // --- the session

    @Override
    public void speaks(Optional<TwinGrammar> grammar) {
        serial.execute(() -> speaks(grammar.orElse(null)));
    }

    private void speaks(TwinGrammar grammar) {
        if (closed) {
            return;
        }
        none = grammar == null;
        if (none) {
            sync.fail(noTwin());
            reports.fail(noTwin());
        }
        reports.speaks(grammar);
    }

    @Override
    public void connected(TwinGrammar grammar, Function<Frame, CompletionStage<Void>> wire) {
        serial.execute(() -> {
            if (!closed) {
                speaks(grammar);
                Line line = new Line(grammar, wire);
                sync.connected(line);
                reports.disconnected();
                reports.connected(line);
            }
        });
    }

    @Override
    public void disconnected() {
        serial.execute(() -> {
            sync.disconnected();
            reports.disconnected();
        });
    }

    @Override
    public void answered(Inbound.Answer answer) {
        serial.execute(() -> {
            if (!closed && !reports.answered(answer) && !sync.answered(answer)) {
                log.debug("an answer that nobody waits for: {} to {} of {}", answer.status(), answer.request(), device);
            }
        });
    }

    @Override
    public void changed(Inbound.Changed change) {
        serial.execute(() -> {
            if (!closed) {
                sync.changed(change);
            }
        });
    }

    // --- the room

    /** A handler came: some values may be for it. */
    void handlersChanged() {
        serial.execute(deliveries::handlersChanged);
    }

    @Override
    public void close() {
        closed = true;
        forget.accept(this);
        serial.execute(() -> {
            deliveries.close();
            sync.disconnected();
            sync.fail(gone());
            reports.disconnected();
            reports.fail(gone());
        });
    }

    private DeliveryException tooManyReports() {
        return new DeliveryException(Reason.OVERFLOW, MOST_REPORTS + " reports of " + device + " wait already; report less, or wait for a connection");
    }

    private DeliveryException gone() {
        return new DeliveryException(Reason.CLOSED, "device " + device + " was closed");
    }

    private DeliveryException noTwin() {
        return new DeliveryException(Reason.UNSUPPORTED, "the cloud of " + device + " has no device twins; publish an event instead");
    }
}
