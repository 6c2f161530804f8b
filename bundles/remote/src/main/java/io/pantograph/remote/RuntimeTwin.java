package io.pantograph.remote;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.pantograph.api.device.Device;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.RefusedException;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.twin.Twin;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one device's desired {@code bundles} so, and reports how they stand. A document is carried out once: what was taken back is tried
 * again when the document changes. What came by other doors stays. Steps are taken one after the other on one thread.
 */
final class RuntimeTwin {

    /** What is changed together may be told one after the other; and who changes his mind at once has one deployment, not two. */
    static final Duration SETTLE = Duration.ofMillis(250);
    static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(RuntimeTwin.class);

    private final Device device;
    private final Deployments deployments;
    private final Memory memory;
    private final ScheduledExecutorService steps;
    private final TwinReports reports;

    private Desired bundles;
    private Object manner;
    private boolean told;
    private Future<?> settling;
    private Memory.Done done;
    private Wanted wanted;
    /** What the desired bundles became was not told yet, beyond that they are under way. */
    private boolean open;
    /** The deployment that was told to be under way. */
    private String toldOf = "";
    /** Versions reported by who was here before us. */
    private Set<String> stale = Set.of();

    RuntimeTwin(Device device, Deployments deployments, Memory memory, ScheduledExecutorService steps) {
        this.device = device;
        this.deployments = deployments;
        this.memory = memory;
        this.steps = steps;
        done = memory.of(device.id());
        reports = new TwinReports(device, () -> Present.of(deployments, last()), steps);
    }

    /** As soon as there is a connection: what was reported and desired before we came. */
    void begin() {
        device.connected().thenCompose(connected -> device.twin()).whenComplete((twin, failure) -> step(() -> began(twin, failure)));
    }

    private void began(Twin twin, Throwable failure) {
        if (failure != null) {
            Throwable why = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (!(why instanceof DeliveryException refused) || refused.reason() == DeliveryException.Reason.EXPIRED
                    || refused.reason() == DeliveryException.Reason.REFUSED) {
                log.warn("the twin of {} could not be read, it is tried again in a minute: {}", device.id(), why.getMessage());
                later(this::begin, AGAIN);
            }
            return; // else its cloud has no twins, or it is closed
        }
        Set<String> keys = new HashSet<>();
        if (twin.reported().get("bundles") instanceof Values reported) {
            reported.forEach((key, value) -> {
                if (value instanceof Values versions && key.equals("value")) {
                    stale = Set.copyOf(versions.keySet());
                } else if (value instanceof Values) {
                    keys.add(key);
                }
            });
        }
        reports.open(keys);
        if (!told && !done.names().isEmpty() && !twin.desired().containsKey("bundles")) {
            settle(); // nobody tells of what is desired no more while nobody was there
        }
    }

    /** On any thread. */
    CompletionStage<DesiredResult> bundles(Desired desired) {
        try {
            Wanted.of(desired.value(), null);
        } catch (IllegalArgumentException e) {
            step(this::forget);
            return completedFuture(DesiredResult.refused(400, e.getMessage(), Present.versions(deployments)));
        }
        step(() -> {
            told = true;
            bundles = desired;
            settle();
        });
        return completedFuture(desired.value() == null ? DesiredResult.applied()
                : new DesiredResult(202, Optional.of("being looked into"), Optional.of(Content.of(Present.versions(deployments)))));
    }

    /** On any thread. */
    CompletionStage<DesiredResult> deployment(Desired desired) {
        try {
            Wanted.check(desired.value());
        } catch (IllegalArgumentException e) {
            return completedFuture(DesiredResult.refused(400, e.getMessage(), null));
        }
        step(() -> {
            manner = desired.value();
            if (told) {
                settle();
            }
        });
        return completedFuture(DesiredResult.applied());
    }

    /** A document that is wrong asks for nothing; what was asked before stays as it is, and is not told of any more. */
    private void forget() {
        told = true;
        open = false;
        stopSettling();
    }

    private void settle() {
        stopSettling();
        toldOf = "";
        settling = later(this::carryOut, SETTLE);
    }

    private void stopSettling() {
        if (settling != null) {
            settling.cancel(false);
        }
    }

    private void carryOut() {
        try {
            wanted = Wanted.of(bundles == null ? null : bundles.value(), manner);
            if (!wanted.mark().equals(done.mark())) {
                deploy();
            }
            open = true;
            tell();
        } catch (IOException e) {
            failed("cannot note what is carried out: " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("what is desired of {} could not be carried out", device.id(), e);
            failed(String.valueOf(e.getMessage()));
        }
    }

    private void failed(String why) {
        open = false;
        became(500, why);
    }

    private void deploy() throws IOException {
        List<Deployment> underWay = underWay();
        Difference first = Difference.between(wanted, done.names(), deployments.bundles(), underWay);
        Set<String> takenBack = new HashSet<>();
        for (String id : first.takeBack()) {
            if (takeBack(id)) {
                takenBack.add(id);
            }
        }
        // One that has come to its end meanwhile is here now, not under way.
        Difference then = Difference.between(wanted, done.names(), deployments.bundles(), underWay.stream()
                .filter(one -> !first.takeBack().contains(one.id()) || takenBack.contains(one.id())).toList());
        String deployment = underWay.stream().map(Deployment::id).filter(id -> !first.takeBack().contains(id)).findFirst().orElse("");
        if (!then.changes().isEmpty()) {
            deployment = deployments.deploy(new Release(Wanted.DOOR, then.changes(), wanted.trial(), wanted.deadline())).id();
            log.info("{} makes of {} what is desired of {}", deployment, then.changes().size() == 1 ? "one bundle" : then.changes().size() + " bundles", device.id());
        }
        done = new Memory.Done(wanted.mark(), deployment, names());
        memory.keep(device.id(), done);
    }

    private List<Deployment> underWay() {
        return deployments.deployments().stream().filter(one -> !one.state().isEnd() && isOurs(one)).toList();
    }

    /** Another of the gateway's devices may have the same door. */
    private boolean isOurs(Deployment deployment) {
        return deployment.door().equals(Wanted.DOOR) && (deployment.id().equals(done.deployment()) || deployment.parts().stream().anyMatch(part -> done.names().contains(part.name())));
    }

    private boolean takeBack(String id) {
        try {
            deployments.rollback(id, Wanted.DOOR, "something else is desired of " + device.id() + " now");
            return true;
        } catch (RefusedException e) {
            log.info("{} is not taken back: {}", id, e.getMessage());
            return false;
        }
    }

    /** Those of before stay in mind until they are gone, be it that they were to be gone and were not let. */
    private Set<String> names() {
        Set<String> names = new HashSet<>(wanted.bundles().keySet());
        deployments.bundles().stream().map(Deployed::name).filter(done.names()::contains).forEach(names::add);
        return names;
    }

    private Optional<Deployment> last() {
        return done.deployment().isEmpty() ? Optional.empty() : deployments.deployment(done.deployment());
    }

    /** A deployment has changed. On any thread. */
    void changed(Deployment deployment) {
        step(() -> {
            reports.changed();
            if (open && isOurs(deployment)) {
                tell();
            }
        });
    }

    private void tell() {
        reports.changed();
        List<Deployment> underWay = underWay();
        if (!underWay.isEmpty()) {
            if (!toldOf.equals(underWay.get(0).id())) { // once; the states on the way are reported beside it
                toldOf = underWay.get(0).id();
                became(202, "under way as " + toldOf);
            }
            return;
        }
        open = false;
        Optional<Deployment> last = last();
        State state = last.map(Deployment::state).orElse(State.PROVEN);
        String note = last.map(one -> one.id() + ' ' + state.word() + (one.reason().isEmpty() ? "" : ": " + one.reason())).orElse("all of it is here");
        if (state == State.REFUSED || state == State.ROLLED_BACK) {
            became(state == State.REFUSED ? 400 : 500, note);
        } else {
            List<Change> missing = Difference.between(wanted, Set.of(), deployments.bundles(), List.of()).changes();
            became(missing.isEmpty() ? 200 : 409, missing.isEmpty() ? note : "not as desired, or not any more, " + (missing.size() == 1 ? "is " : "are ")
                    + missing.stream().map(one -> ((Change.Install) one).name().orElseThrow()).collect(Collectors.joining(", "))
                    + "; change this document to have it tried again");
        }
    }

    private void became(int status, String note) {
        became(new DesiredResult(status, Optional.of(note), Optional.of(Content.of(versions()))));
    }

    /** What is here. What was reported before we came and is gone has to be taken out by its name, since reports are merged. */
    private Values versions() {
        Values here = Present.versions(deployments);
        Values.Builder versions = Values.builder();
        stale.forEach(key -> versions.put(key, null));
        here.forEach(versions::put);
        return versions.build();
    }

    private void became(DesiredResult result) {
        if (bundles != null && bundles.value() != null) {
            device.became(bundles, result).whenComplete((told, failure) -> {
                if (failure != null) {
                    log.warn("what became of the bundles desired of {} could not be told: {}", device.id(), failure.getMessage());
                }
            });
        }
    }

    private void step(Runnable step) {
        later(step, Duration.ZERO);
    }

    private Future<?> later(Runnable step, Duration pause) {
        try {
            return steps.schedule(step, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null; // the room is closing
        }
    }
}
