package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device or module that has logged in. */
final class Connection implements Party {

    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final PublishVerdict CONSUMED = new PublishVerdict.Consumed();
    private static final int MOST_FEEDS = 5;
    private static final int MOST_BYTES = 262_144;
    /** How old the registry's time of the last activity may be. */
    private static final long SEEN_EVERY_MS = 10_000;
    /** A token that is just being renewed is not cut in the middle. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMER = Duration.ofDays(3_650);

    private final House house;
    private final Identity identity;
    private final Credential credential;
    private final String clientId;
    private final boolean clean;
    private final boolean resumed;
    private final Optional<Instant> until;
    private final Optional<String> modelId;
    private final Grammar grammar;
    private final Lane lane;
    private volatile Map<Feed, Qos> feeds;
    private ScheduledFuture<?> end;
    private volatile boolean welcome;
    private long seen;

    Connection(House house, Proof proof, String clientId, boolean clean, Optional<String> modelId) {
        this.house = house;
        credential = proof.by();
        identity = credential.identity();
        this.clientId = clientId;
        this.clean = clean;
        this.modelId = modelId;
        until = proof.until();
        Optional<Map<Feed, Qos>> before = clean ? Optional.empty() : house.subscriptions().of(clientId);
        resumed = before.isPresent();
        feeds = before.orElse(Map.of());
        grammar = new Grammar(identity, stamps(proof, modelId));
        lane = new Lane(house.threads());
    }

    private static Map<String, String> stamps(Proof proof, Optional<String> modelId) {
        Map<String, String> stamps = new HashMap<>();
        Identity who = proof.by().identity();
        stamps.put("iothub-connection-device-id", who.device());
        who.module().ifPresent(module -> stamps.put("iothub-connection-module-id", module));
        stamps.put("iothub-connection-auth-generation-id", proof.by().generation());
        stamps.put("iothub-connection-auth-method", proof.told());
        modelId.ifPresent(id -> stamps.put("dt-dataschema", id));
        return stamps;
    }

    /** The session of an identity, as the front knows it. */
    static String session(Identity identity) {
        return "azure/" + identity;
    }

    Identity identity() {
        return identity;
    }

    Lane lane() {
        return lane;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public String session() {
        return session(identity);
    }

    @Override
    public boolean resumed() {
        return resumed;
    }

    /** With which QoS it wants this; empty if it did not ask for it. */
    Optional<Qos> wants(Feed feed) {
        return Optional.ofNullable(feeds.get(feed));
    }

    /** With which QoS it wants cloud-to-device messages. */
    Optional<Qos> wantsMessages() {
        return wants(Feed.MESSAGES).or(() -> wants(Feed.ALL));
    }

    /** Tells it something if it wants to hear it; fails if it does not or is gone. Who does not read it any more is cut off. */
    CompletionStage<Void> tell(Feed feed, String topic, Bytes payload) {
        Optional<Qos> qos = wants(feed);
        if (qos.isEmpty()) {
            return CompletableFuture.failedFuture(new IllegalStateException(clientId + " has not subscribed to " + topic));
        }
        CompletableFuture<Void> taken = house.line().handOver(session(), topic, payload, qos.get()).toCompletableFuture();
        if (taken.isCompletedExceptionally() && feed != Feed.METHODS) {
            // It would wait for an answer for ever, or hold old properties for the newest. When it comes again it asks anew.
            drop("it does not take what it is told");
        }
        return taken;
    }

    @Override
    public void connected() {
        house.connections().arrived(this);
        if (!house.keep().identities().credential(identity).equals(Optional.of(credential))) {
            // Whoever was told of the change did not find us here yet.
            drop("it was deleted, disabled or given other keys while it logged in");
            return;
        }
        if (clean) {
            house.subscriptions().forget(clientId);
        } else {
            house.subscriptions().keep(clientId, feeds);
        }
        house.keep().twins().model(identity, modelId);
        welcome = true;
        house.presence().changed(identity, true);
        seen = house.clock().millis();
        until.ifPresent(this::cutAt);
        if (wants(Feed.METHODS).isPresent()) {
            house.methods().listening(this);
        }
        house.mail().wake(identity);
    }

    private void cutAt(Instant expiry) {
        Duration left = Duration.between(house.clock().instant(), expiry).plus(GRACE);
        if (left.compareTo(LONGEST_TIMER) < 0) {
            end = house.timer().schedule(() -> drop("its token expired at " + expiry), left.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ends it, unless a newer one has taken its place already. */
    void drop(String reason) {
        if (house.connections().isPresent(this)) {
            log.info("'{}' is cut off: {}", clientId, reason);
            house.line().drop(session(), reason);
        }
    }

    @Override
    public void disconnected(Departure departure) {
        if (end != null) {
            end.cancel(false);
        }
        if (departure.cause() == Departure.Cause.RULE || departure.cause() == Departure.Cause.TOO_LARGE) {
            log.info("'{}' was cut off: {}", clientId, departure.reason());
        }
        if (house.connections().left(this) && welcome) {
            house.presence().changed(identity, false);
        }
    }

    @Override
    public FilterVerdict filter(String filter, Qos qos) {
        Optional<Feed> feed = Feed.of(identity, filter);
        if (feed.isEmpty()) {
            return new FilterVerdict.Disconnect("filter '" + Names.visible(filter) + "' is none it may subscribe to");
        }
        if (feeds.size() >= MOST_FEEDS && !feeds.containsKey(feed.get())) {
            return new FilterVerdict.Disconnect("it has " + MOST_FEEDS + " subscriptions already");
        }
        return new FilterVerdict.Use(filter, atMostOne(qos));
    }

    private static Qos atMostOne(Qos qos) {
        return qos == Qos.EXACTLY_ONCE ? Qos.AT_LEAST_ONCE : qos;
    }

    @Override
    public void subscribed(String filter, Qos qos) {
        Feed.of(identity, filter).ifPresent(feed -> {
            change(feed, atMostOne(qos));
            if (feed == Feed.METHODS) {
                house.methods().listening(this);
            } else if (feed == Feed.MESSAGES || feed == Feed.ALL) {
                house.mail().wake(identity);
            }
        });
    }

    @Override
    public void unsubscribed(String filter) {
        Feed.of(identity, filter).ifPresent(feed -> change(feed, null));
    }

    /** @param qos null ends it */
    private synchronized void change(Feed feed, Qos qos) {
        Map<Feed, Qos> now = new EnumMap<>(Feed.class);
        now.putAll(feeds);
        if (qos == null) {
            now.remove(feed);
        } else {
            now.put(feed, qos);
        }
        feeds = now;
        if (!clean && house.connections().isPresent(this)) {
            house.subscriptions().keep(clientId, now);
        }
    }

    @Override
    public PublishVerdict publish(Publication publication) {
        if (publication.qos() == Qos.EXACTLY_ONCE) {
            return new PublishVerdict.Disconnect("it published at QoS 2, which IoT Hub does not have; use QoS 0 or 1");
        }
        Said said = grammar.read(publication.topic());
        if (said instanceof Said.Telemetry telemetry) {
            return telemetry(telemetry, publication);
        }
        if (said instanceof Said.ReadTwin read) {
            house.twins().read(this, read);
        } else if (said instanceof Said.Report report) {
            house.twins().report(this, report, publication.payload());
        } else if (said instanceof Said.Answer answer) {
            house.methods().answered(identity, answer, publication.payload());
        } else if (said instanceof Said.Foreign foreign) {
            return new PublishVerdict.Disconnect(foreign.reason());
        }
        active();
        return CONSUMED;
    }

    /** The hot path. */
    private PublishVerdict telemetry(Said.Telemetry telemetry, Publication publication) {
        int size = publication.payload().length() + telemetry.weight();
        if (size > MOST_BYTES) {
            return new PublishVerdict.Disconnect("its message has " + size + " bytes with its properties, more than " + MOST_BYTES);
        }
        Map<String, String> properties = telemetry.properties();
        if (publication.retain() || publication.will()) {
            properties = marked(properties, publication);
        }
        house.keep().events().append(identity, "Telemetry", telemetry.system(), properties, publication.payload());
        active();
        return CONSUMED;
    }

    private static Map<String, String> marked(Map<String, String> properties, Publication publication) {
        Map<String, String> marked = new HashMap<>(properties);
        if (publication.retain()) {
            marked.put("mqtt-retain", "true");
        }
        if (publication.will()) {
            marked.put("iothub-MessageType", "Will");
        }
        return Map.copyOf(marked);
    }

    private void active() {
        long now = house.clock().millis();
        if (now - seen >= SEEN_EVERY_MS && house.connections().isPresent(this)) {
            seen = now;
            house.keep().identities().seen(identity, true);
        }
    }
}
