package io.pantograph.hub.mqtt;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.events.client.ClientLifecycleEventListener;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationFailedInput;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationSuccessfulInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ClientInitiatedDisconnectInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionLostInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionStartInput;
import com.hivemq.extension.sdk.api.events.client.parameters.DisconnectEventInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ServerInitiatedDisconnectInput;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is here: tells the rules when a client has come in and when it is gone, once each, and says the will of one that vanished. */
final class Guests {

    private static final Logger LOG = LoggerFactory.getLogger(Guests.class);
    private static final String STOPPING = "the hub is stopping";

    private final Peers peers = new Peers();
    private final Object seenOff = new Object();
    private final Hosts hosts;
    private final BiConsumer<Will, String> herald;

    /** @param herald publishes a will on this topic */
    Guests(Hosts hosts, BiConsumer<Will, String> herald) {
        this.hosts = hosts;
        this.herald = herald;
    }

    Peers peers() {
        return peers;
    }

    /** Called as CONNACK goes out; an older connection of the same session has been told {@link #farewell} by then. */
    ClientRules welcome(Peer peer) {
        HubRules host = peer.host();
        peers.arrived(peer);
        peer.announced(host);
        if (!hosts.has(host)) {
            // They went since they let it in; whoever sees their guests off may have missed this one.
            peer.unannounced();
            peer.cut(Departure.Cause.SHUTDOWN, STOPPING);
            left(peer);
            return new ClientRules(peer, host);
        }
        try {
            host.connected(peer.client());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the rules failed on the arrival of {}", peer.client().clientId(), e);
        }
        return new ClientRules(peer, host);
    }

    /** Ends every connection, and waits until each was seen off. */
    void dismiss(Duration patience) throws InterruptedException {
        dismiss(peer -> true, patience);
    }

    /** Likewise, those that are guests of these rules. */
    void dismiss(HubRules host, Duration patience) throws InterruptedException {
        dismiss(peer -> peer.host() == host, patience);
    }

    private void dismiss(Predicate<Peer> which, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        peers.all().stream().filter(which).forEach(peer -> peer.cut(Departure.Cause.SHUTDOWN, STOPPING));
        synchronized (seenOff) {
            for (long left = end - System.nanoTime(); peers.all().stream().anyMatch(which) && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(seenOff, left);
            }
        }
    }

    private void left(Peer peer) {
        peers.left(peer);
        synchronized (seenOff) {
            seenOff.notifyAll();
        }
    }

    private void gone(Peer peer, Departure.Cause cause, String reason) {
        HubRules host = peer.unannounced();
        if (host == null) {
            return;
        }
        Departure departure = peer.departure(cause, reason);
        try {
            if (peer.will() != null && departure.cause() != Departure.Cause.CLIENT && departure.cause() != Departure.Cause.SHUTDOWN) {
                say(peer.will(), host, peer);
            }
            host.disconnected(peer.client(), departure);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the rules failed on the departure of {}", peer.client().clientId(), e);
        } finally {
            left(peer);
        }
    }

    private void say(Will will, HubRules host, Peer peer) {
        Publication last = new Publication(will.topic(), will.payload(), will.qos(), will.retain(), true);
        if (host.publish(peer.client(), last) instanceof PublishVerdict.Route route) {
            herald.accept(will, route.topic());
        }
    }

    /** Hears of every connection that ended. */
    ClientLifecycleEventListener farewell() {
        return new ClientLifecycleEventListener() {

            @Override
            public void onMqttConnectionStart(ConnectionStartInput in) {
                // Login hears of it
            }

            @Override
            public void onAuthenticationSuccessful(AuthenticationSuccessfulInput in) {
                // welcome() hears of it
            }

            @Override
            public void onAuthenticationFailedDisconnect(AuthenticationFailedInput in) {
                // was never here
            }

            @Override
            public void onClientInitiatedDisconnect(ClientInitiatedDisconnectInput in) {
                gone(peer(in.getConnectionInformation()), Departure.Cause.CLIENT, "");
            }

            @Override
            public void onConnectionLost(ConnectionLostInput in) {
                gone(peer(in.getConnectionInformation()), Departure.Cause.NETWORK, "the connection broke");
            }

            @Override
            public void onServerInitiatedDisconnect(ServerInitiatedDisconnectInput in) {
                Departure.Cause cause = in.getReasonCode().map(Guests::cause).orElse(Departure.Cause.PROTOCOL);
                gone(peer(in.getConnectionInformation()), cause, in.getReasonString().orElseGet(() -> sentence(cause)));
            }

            @Override
            public void onDisconnect(DisconnectEventInput in) {
                gone(peer(in.getConnectionInformation()), Departure.Cause.NETWORK, "the connection ended");
            }

            private Peer peer(ConnectionInformation connection) {
                return Peer.of(connection);
            }
        };
    }

    private static Departure.Cause cause(DisconnectedReasonCode code) {
        return switch (code) {
            case SESSION_TAKEN_OVER -> Departure.Cause.TAKEN_OVER;
            case KEEP_ALIVE_TIMEOUT -> Departure.Cause.TIMEOUT;
            case PACKET_TOO_LARGE -> Departure.Cause.TOO_LARGE;
            case ADMINISTRATIVE_ACTION -> Departure.Cause.ADMIN;
            case SERVER_SHUTTING_DOWN -> Departure.Cause.SHUTDOWN;
            case NOT_AUTHORIZED -> Departure.Cause.RULE;
            default -> Departure.Cause.PROTOCOL;
        };
    }

    private static String sentence(Departure.Cause cause) {
        return switch (cause) {
            case TAKEN_OVER -> "a newer connection with the same identity came";
            case TIMEOUT -> "it was silent for longer than its keep-alive";
            case TOO_LARGE -> "it sent a packet larger than " + Engine.MAX_PACKET + " bytes";
            case ADMIN -> "the hub ended it";
            case SHUTDOWN -> STOPPING;
            case RULE -> "it broke a rule";
            default -> "it sent something that is not MQTT";
        };
    }
}
