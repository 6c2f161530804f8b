package io.pantograph.hub;

import io.pantograph.api.hub.Events;
import io.pantograph.api.hub.HubDialect;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.hub.HubTopic;
import io.pantograph.api.hub.Json;
import io.pantograph.api.listener.HubMessage;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What passes through the hub, whichever way it came in: remembered, and told to the listeners. */
final class Journal implements Events {

    static final int MOST_BYTES = 131_072;

    private final Dialects dialects;
    private final Front front;
    private final Listeners listeners;
    private final Clock clock;
    private final LastEvents lastEvents;
    private final ConnectionLog connectionLog;
    private final Newcomers newcomers;

    Journal(Store store, Json json, Devices devices, Dialects dialects, Front front, Listeners listeners, Clock clock) {
        this.dialects = dialects;
        this.front = front;
        this.listeners = listeners;
        this.clock = clock;
        lastEvents = new LastEvents(store, json, clock);
        connectionLog = new ConnectionLog(store, clock.instant());
        newcomers = new Newcomers(devices, clock);
        devices.whenDeleted(newcomers::forget);
    }

    void close() {
        newcomers.close();
    }

    ConnectionLog connectionLog() {
        return connectionLog;
    }

    Newcomers newcomers() {
        return newcomers;
    }

    /** On the hot path: never waits. @param remember whether as a last event, too */
    void took(HubTopic.Message message, Bytes payload, Qos qos, boolean remember) {
        boolean event = message.direction() == HubMessage.Direction.EVENT;
        if (!(event && remember) && !listeners.any()) {
            return;
        }
        HubMessage taken = new HubMessage(clock.instant(), message.direction(), message.device(), message.name(), message.format(), payload, qos);
        if (event && remember) {
            lastEvents.keep(taken);
        }
        listeners.message(taken);
    }

    @Override
    public Optional<String> accept(HubIdentity from, HubMessage.Direction direction, DeviceId device, String name, String format, Bytes payload) {
        Optional<String> why = refusal(from, direction, device, name, format, payload);
        Optional<HubDialect> dialect = dialects.main();
        if (why.isEmpty() && dialect.isEmpty()) {
            why = Optional.of("the hub has no dialect; install one, such as dialect.watson");
        }
        if (why.isEmpty()) {
            HubTopic.Message spoken = new HubTopic.Message(direction, device, name, format, "");
            String topic = dialect.get().topic(from, spoken);
            took(spoken, payload, Qos.AT_MOST_ONCE, !from.org().equals(WatsonLogin.QUICKSTART));
            front.route(topic, payload, Qos.AT_MOST_ONCE);
        }
        return why;
    }

    private Optional<String> refusal(HubIdentity from, HubMessage.Direction direction, DeviceId device, String name, String format, Bytes payload) {
        if (!Names.valid(name) || !Names.valid(format)) {
            return Optional.of("'" + Names.visible(name) + "' and format '" + Names.visible(format)
                    + "' must each be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        if (payload.length() > MOST_BYTES) {
            return Optional.of("the message has " + payload.length() + " bytes, more than " + MOST_BYTES);
        }
        boolean application = from.kind() == Kind.APPLICATION || from.kind() == Kind.SHARED_APPLICATION;
        if (direction == HubMessage.Direction.COMMAND && !application) {
            return Optional.of("only applications send commands");
        }
        if (from.kind() == Kind.DEVICE && !from.device().equals(Optional.of(device))) {
            return Optional.of("a device speaks for itself only");
        }
        if (from.kind() == Kind.GATEWAY && !from.device().equals(Optional.of(device)) && !newcomers.know(device)) {
            return newcomers.register(device, from.device().orElseThrow(), dialects.clientIds(from).stream().findFirst().orElse("gateway"));
        }
        return Optional.empty();
    }

    @Override
    public List<HubMessage> last(DeviceId device) {
        return lastEvents.of(device);
    }

    @Override
    public Optional<HubMessage> last(DeviceId device, String event) {
        return lastEvents.of(device, event);
    }

    @Override
    public boolean caching() {
        return lastEvents.on();
    }

    @Override
    public int cacheDays() {
        return lastEvents.days();
    }

    @Override
    public void caching(boolean on, int days) {
        if (days < 1 || days > 45) {
            throw new IllegalArgumentException("days " + days + " must be of 1 to 45");
        }
        lastEvents.keeping(on, days);
    }

    @Override
    public List<LogLine> connectionLog(DeviceId device, int limit) {
        return connectionLog.of(device, limit);
    }
}
