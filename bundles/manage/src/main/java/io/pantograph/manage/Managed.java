package io.pantograph.manage;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.DeviceManagement;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.dialect.ManagementGrammar.Answer;
import io.pantograph.api.dialect.ManagementGrammar.Kind;
import io.pantograph.api.dialect.ManagementGrammar.Letter;
import io.pantograph.api.dialect.ManagementGrammar.Manageable;
import io.pantograph.api.dialect.ManagementGrammar.Request;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Release;
import io.pantograph.api.operator.State;
import io.pantograph.api.wire.Frame;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the gateway's own devices as its platform manages it. Steps are taken one after the other on one thread.
 *
 * <p>An action is answered when it is known whether it went well: 200 proven or gone, 202 on trial or not known within {@link #PATIENCE}, 500 if
 * not. What goes wrong later, and what other doors did, is told by the device's diagnostic log, with error code {@value #REFUSED} or
 * {@value #TAKEN_BACK}.
 */
final class Managed implements DeviceManagement {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int REFUSED = 1;
    static final int TAKEN_BACK = 2;
    private static final int MOST_REMEMBERED = 200;
    private static final int MOST_WAITING = 20;
    private static final Logger log = LoggerFactory.getLogger(Managed.class);

    /** What a device has of the house. @param lifetime zero: it never counts as asleep */
    record House(Deployments deployments, CodecRoute json, Restarts restarts, ScheduledExecutorService steps, Executor worker, Clock clock,
            Notes notes, Duration lifetime, String version) {
    }

    private final DeviceId device;
    private final House house;
    private final FirmwareFlow firmware;
    /** What was asked, and the answer once there is one: the hub may say it twice. */
    private final Map<String, Optional<Letter>> asked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Letter>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private final ActionFlow actions;
    private final Deque<Function<ManagementGrammar, Letter>> diagnosis = new ArrayDeque<>();
    private Line line;
    private boolean managed;
    private String manage = "";
    private Future<?> renewal;
    private long count;

    Managed(DeviceId device, House house) {
        this.device = device;
        this.house = house;
        firmware = new FirmwareFlow(device, house.deployments(), house.notes(), this::step, house.worker(), (image, update) -> managed
                ? line.send(line.grammar().changed(image, update)) : failedFuture(new IOException("not managed now")), why -> diagnose(why, REFUSED));
        actions = new ActionFlow(device, house.deployments(), house.notes(), (request, status, message) -> {
            answer(request, status, message);
            return line != null;
        });
    }

    /** What was under way when the gateway ended. To be called once, before there is a connection. */
    void begin() {
        step(() -> {
            actions.begin();
            firmware.begin();
        });
    }

    // --- the connection

    @Override
    public void connected(ManagementGrammar grammar, Function<Frame, CompletionStage<Void>> wire) {
        step(() -> {
            line = new Line(device, grammar, wire, house.json());
            managed = false;
            manage();
        });
    }

    @Override
    public void disconnected() {
        step(() -> {
            line = null;
            managed = false;
            stopRenewal();
        });
    }

    /** What can be asked has changed. */
    void renew() {
        step(this::manage);
    }

    private void manage() {
        if (line == null) {
            return;
        }
        stopRenewal();
        manage = name();
        boolean restarts = house.restarts().has(device, "reboot") || house.restarts().has(device, "factory_reset");
        line.send(line.grammar().manageable(manage,
                new Manageable(house.lifetime(), restarts, true, Set.of(Actions.EXTENSION), Values.of("fwVersion", house.version()))));
        if (!house.lifetime().isZero()) {
            renewal = later(this::manage, house.lifetime().dividedBy(2));
        }
    }

    private void stopRenewal() {
        if (renewal != null) {
            renewal.cancel(false);
            renewal = null;
        }
    }

    private String name() {
        return Long.toString(house.clock().millis(), 36) + '-' + ++count;
    }

    private void tell(Function<ManagementGrammar, Letter> letter) {
        if (line != null) {
            line.send(letter.apply(line.grammar()));
        }
    }

    // --- what is asked

    @Override
    public void asked(Inbound.Managed message) {
        step(() -> take(message));
    }

    private void take(Inbound.Managed message) {
        Line now = line;
        if (now == null) {
            return; // who asked asks again
        }
        try {
            Values body = message.payload().isEmpty() ? Values.EMPTY : house.json().decode(message.payload()).values();
            if (message.kind() == Kind.ANSWER) {
                answered(now.grammar().answered(body));
            } else {
                request(message, now.grammar().request(message, body));
            }
        } catch (CodecException | IllegalArgumentException | IllegalStateException e) {
            log.warn("a request to manage {} cannot be read ({}): {}", device, message.kind(), e.getMessage());
        }
    }

    private void answered(Answer answer) {
        if (!answer.request().equals(manage)) {
            return;
        }
        if (answer.status() < 200 || answer.status() >= 300) {
            log.warn("the platform does not manage {}: {} {}", device, answer.status(), answer.message());
            return;
        }
        managed = true;
        actions.connected();
        firmware.connected();
        while (!diagnosis.isEmpty()) {
            tell(diagnosis.poll());
        }
    }

    private void request(Inbound.Managed message, Request request) {
        String id = request.id().orElse("");
        if (!id.isEmpty()) {
            Optional<Letter> before = asked.get(id);
            if (before != null) {
                before.ifPresent(line::send);
                return;
            }
            asked.put(id, Optional.empty());
        }
        switch (message.kind()) {
            case REBOOT -> restart("reboot", id);
            case FACTORY_RESET -> restart("factory_reset", id);
            case UPDATE -> {
                if (known(request, id)) {
                    reply(id, request.firmware().map(firmware::told).orElseGet(() -> FirmwareFlow.Reply.of(204)));
                }
            }
            case OBSERVE -> {
                if (known(request, id)) {
                    send(id, line.grammar().observed(id, firmware.firmware(), firmware.image(), firmware.update()));
                }
            }
            case CANCEL -> {
                if (known(request, id)) {
                    answer(id, 200, "");
                }
            }
            case DOWNLOAD -> firmware.download(reply -> reply(id, reply));
            case INSTALL -> firmware.install(reply -> reply(id, reply));
            default -> action(message, request, id);
        }
    }

    private boolean known(Request request, String id) {
        if (request.unknown().isEmpty()) {
            return true;
        }
        answer(id, 404, "there is no field " + String.join(", ", request.unknown()) + " here");
        return false;
    }

    private void restart(String command, String id) {
        if (!house.restarts().has(device, command)) {
            answer(id, 501, "there is no handler for the command " + command + " here");
            return;
        }
        log.info("the platform asks {} for {}", device, command);
        house.restarts().run(device, command, id.isEmpty() ? name() : id).whenComplete((result, failure) -> step(() -> {
            if (failure != null) {
                answer(id, 500, "the handler failed");
            } else {
                answer(id, result.isOk() ? 202 : 500, result.isOk() ? "" : "the handler answered " + result.status());
            }
        }));
    }

    private void action(Inbound.Managed message, Request request, String id) {
        if (!Actions.has(message.extension(), message.action())) {
            answer(id, 501, "there is no action " + message.action() + " of " + message.extension() + " here");
            return;
        }
        Release release;
        try {
            release = Actions.release(message.action(), request.fields());
        } catch (IllegalArgumentException e) {
            answer(id, 500, e.getMessage());
            return;
        }
        Deployment begun = house.deployments().deploy(release);
        log.info("{} was asked of {} by action {}", begun.id(), device, message.action());
        if (!id.isEmpty()) {
            actions.add(begun, id);
            later(() -> actions.answer(begun.id(), 202, "under way as " + begun.id()), PATIENCE);
        }
    }

    // --- what comes of it

    /** A deployment has changed. On any thread. */
    void changed(Deployment deployment) {
        step(() -> {
            actions.weigh(deployment);
            firmware.changed(deployment);
            if (deployment.state() == State.REFUSED || deployment.state() == State.ROLLED_BACK) {
                diagnose(ActionFlow.said(deployment), deployment.state() == State.REFUSED ? REFUSED : TAKEN_BACK);
            }
        });
    }

    /** Told now, or when the platform manages the device again; of many the newest. */
    private void diagnose(String message, int code) {
        String first = name();
        String second = name();
        Instant now = house.clock().instant();
        for (Function<ManagementGrammar, Letter> letter : List.<Function<ManagementGrammar, Letter>>of(
                grammar -> grammar.log(first, now, 2, message), grammar -> grammar.errorCode(second, code))) {
            if (managed) {
                tell(letter);
            } else {
                diagnosis.add(letter);
            }
        }
        while (diagnosis.size() > MOST_WAITING) {
            diagnosis.poll();
        }
    }

    private void reply(String id, FirmwareFlow.Reply reply) {
        answer(id, reply.status(), reply.why().orElse(""));
    }

    private void answer(String id, int status, String message) {
        if (line != null) {
            send(id, line.grammar().answer(id, status, message.isEmpty() ? Optional.empty() : Optional.of(message)));
        }
    }

    private void send(String id, Letter letter) {
        if (!id.isEmpty() && line != null) {
            asked.put(id, Optional.of(letter));
            line.send(letter);
        }
    }

    private void step(Runnable step) {
        later(step, Duration.ZERO);
    }

    private Future<?> later(Runnable step, Duration pause) {
        try {
            return house.steps().schedule(() -> safely(step), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null; // the room is closing
        }
    }

    /** A dialect may be half gone. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            log.error("the management of {} failed", device, e);
        }
    }
}
