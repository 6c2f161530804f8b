package io.pantograph.hub;

import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.hub.Json;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.listener.HubPresence;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is connected, and telling it: to listeners, to the device's connection log, and as Watson's monitoring messages. Those of a
 * device are retained; of an application only Connect is, and its Disconnect takes it away.
 */
final class Presence {

    private final Json json;
    private final Front front;
    private final Listeners listeners;
    private final ConnectionLog log;
    private final Attendance attendance;
    private final Clock clock;
    private final Map<String, Client> current = new HashMap<>();

    Presence(Json json, Front front, Listeners listeners, ConnectionLog log, Attendance attendance, Clock clock) {
        this.json = json;
        this.front = front;
        this.listeners = listeners;
        this.log = log;
        this.attendance = attendance;
        this.clock = clock;
    }

    synchronized void connected(Client client) {
        Client older = current.put(client.session(), client);
        if (older != null) {
            // The front tells of the older one's end later; told in that order it would look as if nobody were left.
            gone(older, CloseCode.TAKEN_OVER, "", new Departure(Departure.Cause.TAKEN_OVER, "", 0, 0, 0, 0));
        }
        listeners.presence(new HubPresence(clock.instant(), HubPresence.Kind.CONNECTED, client.clientId(), ""));
        note(client.who(), "Connected: ClientID='" + client.clientId() + "', ClientIP=" + client.remote().address()
                + ", Port=" + client.remote().port() + (client.remote().secure() ? ", TLS" : ""));
        Values.Builder said = said("Connect", client.clientId(), client.remote());
        client.user().ifPresent(user -> said.put("User", user));
        tell(client, said.build(), true);
    }

    synchronized void disconnected(Client client, Departure departure) {
        if (!current.remove(client.session(), client)) {
            return; // its end was told when the newer one came
        }
        gone(client, client.broke().filter(code -> departure.cause() == Departure.Cause.RULE).orElse(CloseCode.of(departure.cause())),
                departure.reason(), departure);
    }

    private void gone(Client client, CloseCode code, String reason, Departure departure) {
        String why = reason.isEmpty() ? code.text() : reason;
        listeners.presence(new HubPresence(clock.instant(), HubPresence.Kind.DISCONNECTED, client.clientId(), why));
        note(client.who(), "Disconnected: ClientID='" + client.clientId() + "', ClientIP=" + client.remote().address()
                + (code == CloseCode.NORMAL ? "" : ", Code=" + code.number() + ": " + why));
        Values.Builder said = said("Disconnect", client.clientId(), client.remote());
        client.user().ifPresent(user -> said.put("User", user));
        said.put("ConnectTime", time(client.since()));
        closing(said, code, why);
        said.put("ReadBytes", departure.readBytes());
        said.put("ReadMsg", departure.readMessages());
        said.put("WriteBytes", departure.writtenBytes());
        said.put("WriteMsg", departure.writtenMessages());
        tell(client, said.build(), false);
    }

    /** A login that was refused. @param who if the client id says so, and it is of this hub's tenant */
    synchronized void refused(LoginAttempt attempt, Optional<Dialects.Match> who, CloseCode code, String reason) {
        listeners.presence(new HubPresence(clock.instant(), HubPresence.Kind.REFUSED, attempt.clientId(), reason));
        who.ifPresent(match -> {
            note(match.identity(), "Refused: ClientID='" + attempt.clientId() + "', ClientIP=" + attempt.remote().address()
                    + ", Code=" + code.number() + ": " + reason);
            Values.Builder said = said("FailedConnect", attempt.clientId(), attempt.remote());
            closing(said, code, reason);
            front.route(match.slot().dialect().presenceTopic(match.identity()), json.write(said.build()), Qos.AT_MOST_ONCE);
        });
    }

    /** The identity is no more: nobody who comes later is to hear of it. */
    synchronized void deleted(String clientId, String topic) {
        Client client = current.get(clientId);
        if (client != null) {
            client.delete();
        }
        attendance.left(topic);
        front.retain(topic, Bytes.EMPTY, Qos.AT_MOST_ONCE);
    }

    /** After a crash: takes back that those are connected of whom nobody has told that they went. */
    void recover() {
        attendance.takeAll().thenAccept(all -> all.forEach(this::takeBack));
    }

    private synchronized void takeBack(Attendance.Entry entry) {
        if (current.containsKey(entry.clientId())) {
            return; // back already
        }
        Values.Builder said = Values.builder().put("Action", "Disconnect").put("Time", time(clock.instant())).put("ClientID", entry.clientId());
        closing(said, CloseCode.SHUTDOWN, "The server ended without notice.");
        front.retain(entry.topic(), entry.device() ? json.write(said.build()) : Bytes.EMPTY, Qos.AT_MOST_ONCE);
    }

    private void tell(Client client, Values said, boolean came) {
        String topic = client.dialect().presenceTopic(client.who());
        Bytes message = json.write(said);
        boolean device = client.who().kind() == Kind.DEVICE || client.who().kind() == Kind.GATEWAY;
        if (client.quickstart()) {
            front.route(topic, message, Qos.AT_MOST_ONCE); // anybody may come under any name: nothing of that is kept
            return;
        }
        if (came) {
            attendance.came(new Attendance.Entry(topic, client.clientId(), device));
        } else {
            attendance.left(topic);
        }
        if (came || device && !client.deleted()) {
            front.retain(topic, message, Qos.AT_MOST_ONCE);
        } else {
            front.retain(topic, Bytes.EMPTY, Qos.AT_MOST_ONCE);
            front.route(topic, message, Qos.AT_MOST_ONCE);
        }
    }

    private void note(HubIdentity who, String line) {
        if (!who.org().equals(WatsonLogin.QUICKSTART)) {
            who.device().ifPresent(device -> log.add(device, clock.instant(), line));
        }
    }

    private Values.Builder said(String action, String clientId, Remote remote) {
        return Values.builder()
                .put("Action", action)
                .put("Time", time(clock.instant()))
                .put("ClientAddr", remote.address())
                .put("ClientID", clientId)
                .put("Port", remote.port())
                .put("Secure", remote.secure())
                .put("Protocol", remote.webSocket() ? "mqtt4-ws" : "mqtt4");
    }

    private static void closing(Values.Builder said, CloseCode code, String reason) {
        if (code != CloseCode.NORMAL) {
            said.put("CloseCode", code.number());
            said.put("Reason", reason);
        }
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
