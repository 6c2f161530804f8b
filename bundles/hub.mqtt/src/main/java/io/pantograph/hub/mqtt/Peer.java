package io.pantograph.hub.mqtt;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extensions.client.parameter.ConnectionAttributeStoreImpl;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.LoginVerdict;
import io.pantograph.api.hub.Remote;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** One MQTT connection: where it comes from, who it turned out to be, what passed over it, and why it ended. */
final class Peer {

    private static final AttributeKey<Peer> KEY = AttributeKey.valueOf("pantograph.peer");

    private record Cut(Departure.Cause cause, String reason) {
    }

    /** Where HiveMQ's connection information keeps the channel; its extension API shows everything but that. */
    private static final VarHandle CHANNEL;

    static {
        try {
            CHANNEL = MethodHandles.privateLookupIn(ConnectionAttributeStoreImpl.class, MethodHandles.lookup())
                    .findVarHandle(ConnectionAttributeStoreImpl.class, "channel", Channel.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Remote remote;
    private final Channel channel;

    final Meter meter = new Meter();

    /** What is handed over to it. */
    final Courier courier;

    final Grants grants = new Grants(this);

    /** Set once, before CONNACK. */
    private volatile LoginVerdict verdict;
    private volatile HubRules host;
    /** On the channel's thread only. */
    private boolean asked;
    private volatile Will will;
    private volatile Cut cut;
    /** The rules that were told that it is connected, until they are told that it is gone. */
    private final AtomicReference<HubRules> announced = new AtomicReference<>();
    /** QoS 2 messages taken whose second half has not come. */
    private int unreleased;

    /** A connection whose first bytes are a CONNECT. */
    Peer(Remote remote, Channel channel) {
        this.remote = remote;
        this.channel = channel;
        courier = new Courier(this, channel);
        channel.attr(KEY).set(this);
    }

    /** @throws IllegalStateException if it came in past the front door, which nothing can */
    static Peer of(ConnectionInformation connection) {
        Channel channel = (Channel) CHANNEL.get((ConnectionAttributeStoreImpl) connection.getConnectionAttributeStore());
        Peer peer = channel.attr(KEY).get();
        if (peer == null) {
            throw new IllegalStateException(channel + " did not come in by the front door");
        }
        return peer;
    }

    /** Messages and bytes; written by one thread each, read by any. */
    static final class Meter {
        final AtomicLong readBytes = new AtomicLong();
        final AtomicLong writtenBytes = new AtomicLong();
        final AtomicLong readMessages = new AtomicLong();
        final AtomicLong writtenMessages = new AtomicLong();
    }

    /** A CONNECT has come in whole. */
    void asking() {
        asked = true;
    }

    boolean asked() {
        return asked;
    }

    /** @param by whose it is from now on; null if nobody claimed it */
    void decide(LoginVerdict decided, HubRules by, Will last) {
        will = last;
        host = by;
        verdict = decided;
    }

    LoginVerdict verdict() {
        return verdict;
    }

    /** Whose it is; only after it was accepted. */
    HubRules host() {
        return host;
    }

    /** Who it is; only after it was accepted. */
    HubClient client() {
        return ((LoginVerdict.Accepted) verdict).client();
    }

    Will will() {
        return will;
    }

    /** Ends the connection; the first cause told is the one that counts. */
    void cut(Departure.Cause cause, String reason) {
        blame(cause, reason);
        channel.close();
    }

    /** Notes why the connection is about to end, for when something else ends it. */
    void blame(Departure.Cause cause, String reason) {
        if (cut == null) {
            cut = new Cut(cause, reason);
        }
    }

    boolean isCut() {
        return cut != null;
    }

    void announced(HubRules host) {
        announced.set(host);
    }

    /** @return who must be told that it is gone; null at the second call, and if nobody knew of it */
    HubRules unannounced() {
        return announced.getAndSet(null);
    }

    /** @return how many QoS 2 messages now wait for their release */
    int hold() {
        return ++unreleased;
    }

    void release() {
        unreleased--;
    }

    Departure departure(Departure.Cause otherwise, String reasonOtherwise) {
        Cut why = cut == null ? new Cut(otherwise, reasonOtherwise) : cut;
        return new Departure(why.cause, why.reason, meter.readBytes.get(), meter.readMessages.get(), meter.writtenBytes.get(), meter.writtenMessages.get());
    }
}
