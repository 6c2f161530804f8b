package io.pantograph.session;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.Session;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.DeviceStatus.State;
import io.pantograph.api.transport.Incoming;
import io.pantograph.api.transport.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One device's session: connects, and connects again, until it is closed. Everything here happens on the timer's one thread,
 * so nothing needs a lock; whatever comes in from other threads is handed to that one.
 */
final class Conversation implements Session, Attempt.Owner, Later {

    /** A connection that stood for so long was a good one: the next pause is a short one again. */
    private static final Duration GOOD = Duration.ofSeconds(10);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final Duration FAREWELL_LOOK = Duration.ofMillis(10);
    private static final Duration NO_TRANSPORT = Duration.ofSeconds(1);
    private static final Duration PARTING = Duration.ofSeconds(3);
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final DeviceId device;
    private final OutboxLane lane;
    private final Limits limits;
    private final Rooms rooms;
    private final Consumer<Conversation> forget;
    private final Placement placement;
    private final Uplink uplink;
    private final Downlink downlink;
    private final Answers answers;
    private final TwinLine twin;
    private final ManagementLine management;
    private final Renewal renewal;
    private final Pauses pauses;
    private final Standing standing;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private Attempt current;
    private Provisioner provisioner;
    /** The end of the connection before, while it is awaited. */
    private CompletableFuture<Void> parting = CompletableFuture.completedFuture(null);
    private boolean closing;

    Conversation(Profile profile, OutboxLane lane, Limits limits, Rooms rooms, Consumer<Conversation> forget) {
        this.device = profile.device();
        this.lane = lane;
        this.limits = limits;
        this.rooms = rooms;
        this.forget = forget;
        placement = new Placement(profile, rooms.assignments());
        uplink = new Uplink(device, lane, limits.window(), rooms.inbound());
        answers = new Answers(device, rooms, limits.inbound());
        twin = new TwinLine(device, rooms.twins());
        management = new ManagementLine(device, rooms.managements(), this);
        downlink = new Downlink(device, rooms, limits, answers, twin, management, () -> later(this::fetchAgain));
        renewal = new Renewal(rooms.clock(), uplink, this, attempt -> attempt == current && !closing, this::connectAnew);
        pauses = new Pauses(limits, rooms.random());
        standing = new Standing(device, rooms);
    }

    void begin() {
        later(() -> connect(""));
    }

    @Override
    public DeviceStatus status() {
        return standing.status();
    }

    @Override
    public CompletionStage<Void> connected() {
        return standing.connected();
    }

    /** @param why said with the status */
    private void connect(String why) {
        if (closing) {
            return;
        }
        Transport transport = rooms.transport().get();
        Optional<Profile> language = placement.profile();
        if (transport == null) {
            standing.become(State.WAITING, Reason.NO_NETWORK, "no MQTT transport is installed");
            later(() -> connect(why), NO_TRANSPORT);
        } else if (language.isEmpty()) {
            provision(transport);
        } else {
            standing.become(State.CONNECTING, Reason.NONE, why);
            current = new Attempt(language.get(), rooms, this, this);
            current.begin(transport, limits);
        }
    }

    private void provision(Transport transport) {
        standing.become(State.CONNECTING, Reason.NONE, "provisioning");
        Provisioner asking = new Provisioner(placement.service(), rooms, this, limits);
        provisioner = asking;
        asking.start(transport).whenComplete((assignment, failure) -> later(() -> provisioned(asking, assignment, failure)));
    }

    private void provisioned(Provisioner asking, Map<String, String> assignment, Throwable failure) {
        if (asking != provisioner || closing) {
            return;
        }
        provisioner = null;
        if (failure == null) {
            try {
                placement.assigned(assignment);
                connect("");
            } catch (RuntimeException | LinkageError e) {
                notAssigned(NotAssignedException.failed(Reason.HUB_UNAVAILABLE, "the assignment is of no use: " + e.getMessage()));
            }
        } else {
            notAssigned(failure instanceof NotAssignedException why ? why : NotAssignedException.failed(Reason.NO_NETWORK, String.valueOf(failure)));
        }
    }

    private void notAssigned(NotAssignedException why) {
        placement.notAsked();
        standing.become(State.WAITING, why.reason(), why.reason() == Reason.BAD_CREDENTIAL ? why.getMessage() + pauses.seldomSaid() : why.getMessage());
        if (why.isRefused()) {
            standing.refused(why.getMessage());
        }
        Duration pause = pauses.next(why.reason());
        Duration told = why.pause().orElse(Duration.ZERO);
        later(() -> connect(""), pause.compareTo(told) < 0 ? told : pause);
    }

    @Override
    public void began(Attempt attempt) {
        downlink.connected(attempt.profile(), !attempt.login().cleanSession());
    }

    @Override
    public void arrived(Incoming message) {
        downlink.arrived(message);
    }

    @Override
    public void ready(Attempt attempt) {
        if (attempt != current || closing) {
            return;
        }
        placement.taken();
        pauses.taken();
        answers.open(attempt.connection());
        twin.open(attempt.profile(), attempt.connection());
        management.open(attempt.profile(), attempt.connection());
        standing.becomeConnected();
        uplink.open(attempt.profile(), attempt.connection(), failure -> later(() -> ended(attempt, Ending.of(failure))));
        renewal.watch(attempt);
    }

    /** The room of twins came, went or was exchanged. */
    void twinsChanged() {
        later(() -> {
            if (current != null && current.isReady()) {
                twin.shut();
                twin.open(current.profile(), current.connection());
            }
        });
    }

    /** The room of device management came, went or was exchanged. */
    void managementsChanged() {
        later(() -> {
            if (current != null && current.isReady()) {
                management.shut();
                management.open(current.profile(), current.connection());
            }
        });
    }

    /** The login is nearly over, and nothing is under way. */
    private void connectAnew(Attempt attempt) {
        part(attempt);
        CompletableFuture.allOf(uplink.shut(), parting).orTimeout(PARTING.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> later(() -> connect("the login is being renewed")));
    }

    /** This connection, however far it came, is the current one no more. */
    private void part(Attempt attempt) {
        current = null;
        twin.shut();
        management.shut();
        answers.shut();
        downlink.disconnected();
        parting = attempt.leave();
    }

    /** Messages were left unacknowledged for want of room; the hub sends them again on a new connection only. */
    private void fetchAgain() {
        if (current != null && current.isReady()) {
            ended(current, new Ending(Reason.STALLED, "messages from the hub were left for want of room; it repeats them on a new connection"));
        }
    }

    @Override
    public void ended(Attempt attempt, Ending how) {
        if (attempt != current || closing) {
            return;
        }
        part(attempt);
        boolean over = attempt.isReady() && attempt.isExpired();
        boolean reassign = !attempt.isReady() && placement.failed(how);
        boolean seldom = !over && (how.isFinal() || !reassign && how.reason() == Reason.BAD_CREDENTIAL);
        standing.become(State.WAITING, over ? Reason.EXPIRED_TOKEN : how.reason(), seldom ? how.detail() + pauses.seldomSaid() : how.detail());
        if (how.isRefused() && !reassign) {
            standing.refused(how.detail());
        }
        if (attempt.isReady() && wasGood(attempt, how.reason())) {
            pauses.good();
        }
        Duration pause = over ? Duration.ZERO : seldom ? pauses.seldom() : pauses.next(reassign ? Reason.NONE : how.reason());
        uplink.shut().whenComplete((done, failure) -> later(() -> connect(""), pause));
    }

    /**
     * One that stood for long, or that the network cut when messages had come through: the next try may come soon. Not one that the hub
     * ended soon, such as when two clients with the same id throw each other out.
     */
    private boolean wasGood(Attempt attempt, Reason reason) {
        return attempt.standing().compareTo(GOOD) > 0 || reason != Reason.DROPPED_BY_HUB && (uplink.hasProgress() || downlink.hasProgress());
    }

    /** Looked at every second. */
    void check() {
        Attempt now = current;
        if (now != null && now.isReady() && uplink.silence() > limits.stall().toNanos()) {
            ended(now, new Ending(Reason.STALLED,
                    "messages are under way, but not one was acknowledged for " + limits.stall().toSeconds() + " s"));
        }
    }

    @Override
    public CompletionStage<Void> close() {
        long begin = System.nanoTime();
        later(() -> flush(begin));
        return closed;
    }

    /** What is in the lane may still go, as long as there is a connection. */
    private void flush(long begin) {
        Attempt now = current;
        if (!closing && now != null && now.isReady() && lane.depth() > 0 && System.nanoTime() - begin < FAREWELL.toNanos()) {
            later(() -> flush(begin), FAREWELL_LOOK);
        } else if (!closing) {
            closing = true;
            leave(now);
        }
    }

    private void leave(Attempt last) {
        if (last != null) {
            part(last);
        }
        CompletableFuture<Void> asked = provisioner == null ? CompletableFuture.completedFuture(null) : provisioner.cancel();
        provisioner = null;
        CompletableFuture.allOf(uplink.shut(), parting, asked).orTimeout(LEAVING.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> finish());
    }

    private void finish() {
        forget.accept(this);
        standing.becomeClosed(closed);
    }

    /** The room closes: ends the connection without waiting for what is in the lane. */
    CompletableFuture<Void> abandon() {
        later(() -> {
            if (!closing) {
                closing = true;
                leave(current);
            }
        });
        return closed;
    }

    @Override
    public Future<?> later(Runnable step, Duration pause) {
        try {
            return rooms.timer().schedule(step, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closingRoom) {
            closed.complete(null);
            return CompletableFuture.completedFuture(null);
        }
    }
}
