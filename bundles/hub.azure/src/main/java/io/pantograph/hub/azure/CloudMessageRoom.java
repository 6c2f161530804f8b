package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.AzureListener;
import io.pantograph.api.azure.CloudMessage;
import io.pantograph.api.azure.CloudMessages;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.Database;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of cloud-to-device messages: queued, locked for the device, done, or dead; and what is told of it to those who asked. */
@Component(service = {CloudMessages.class, AzureListener.class})
public final class CloudMessageRoom implements CloudMessages, AzureListener {

    private static final Logger log = LoggerFactory.getLogger(CloudMessageRoom.class);
    private static final int MOST_WAITING = 50;
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_DELIVERIES = 10;
    private static final int MOST_FEEDBACK = 64;
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(2);
    private static final Duration LOCK = Duration.ofMinutes(1);
    private static final String EXPIRY = "absolute-expiry-time";
    private static final String ACK = "iothub-ack";
    private static final Set<String> ACKS = Set.of("none", "positive", "negative", "full");

    private final Database database;
    private final Clock clock;
    private final Function<Identity, Optional<Credential>> registry;
    private final List<AzureListener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor timer;
    private Instant looked;

    /** Not the registry itself: it counts our messages, so that each would wait for the other. */
    @Activate
    public CloudMessageRoom(@Reference Database database, @Reference ComponentServiceObjects<Identities> identities) {
        this(database, Clock.systemUTC(), identity -> {
            Identities service = identities.getService();
            try {
                return service.credential(identity);
            } finally {
                identities.ungetService(service);
            }
        });
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    CloudMessageRoom(Database database, Clock clock, Function<Identity, Optional<Credential>> registry) {
        this.database = database;
        this.clock = clock;
        this.registry = registry;
        looked = clock.instant();
        database.tables(CloudMessageTable.ROOM, CloudMessageTable.STEPS);
        database.submit(connection -> {
            CloudMessageTable.unlockAll(connection);
            return null;
        });
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "hub-cloud-messages");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Deactivate
    void close() {
        timer.shutdownNow();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, target = "(!(component.name=io.pantograph.hub.azure.CloudMessageRoom))")
    void addListener(AzureListener listener) {
        listeners.add(listener);
    }

    void removeListener(AzureListener listener) {
        listeners.remove(listener);
    }

    @Override
    public CloudMessage send(Identity to, Map<String, String> system, Map<String, String> properties, Bytes body) throws AzureException {
        Optional<Credential> credential = registry.apply(to);
        if (credential.isEmpty()) {
            throw new AzureException(to.module().isPresent() ? AzureError.ModuleNotFound : AzureError.DeviceNotFound, "'" + to + "' is not registered");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<String, String> whole = new LinkedHashMap<>(system);
        if (whole.getOrDefault("message-id", "").isEmpty()) {
            whole.put("message-id", UUID.randomUUID().toString());
        }
        check(whole, properties, body);
        CloudMessage message = new CloudMessage(0, to, whole, properties, body, now, expiry(whole, now), 0);
        Optional<CloudMessage> queued = database.call(connection -> CloudMessageTable.count(connection, to) >= MOST_WAITING ? Optional.empty()
                : Optional.of(CloudMessageTable.insert(connection, message, credential.get().generation())));
        if (queued.isEmpty()) {
            throw new AzureException(AzureError.DeviceMaximumQueueDepthExceeded,
                    MOST_WAITING + " messages wait for '" + to + "' already; let it connect and take them, or purge them");
        }
        tell(to);
        return queued.get();
    }

    private static void check(Map<String, String> system, Map<String, String> properties, Bytes body) throws AzureException {
        long bytes = body.length();
        for (Map<String, String> each : List.of(system, properties)) {
            for (Map.Entry<String, String> property : each.entrySet()) {
                bytes += property.getKey().length() + property.getValue().length();
            }
        }
        if (bytes > MOST_BYTES) {
            throw new AzureException(AzureError.MessageTooLarge, "the message has " + bytes + " bytes with its properties; there may be " + MOST_BYTES);
        }
        if (system.get("message-id").length() > 128) {
            throw new AzureException(AzureError.ArgumentInvalid, "the message id has more than 128 characters");
        }
        if (system.containsKey(ACK) && !ACKS.contains(system.get(ACK))) {
            throw new AzureException(AzureError.ArgumentInvalid,
                    "iothub-ack '" + Names.visible(system.get(ACK)) + "' must be none, positive, negative or full");
        }
    }

    private static Instant expiry(Map<String, String> system, Instant now) throws AzureException {
        String wanted = system.get(EXPIRY);
        if (wanted == null || wanted.isEmpty()) {
            return now.plus(LIFE);
        }
        Instant expiry;
        try {
            expiry = Instant.parse(wanted);
        } catch (DateTimeException e) {
            throw new AzureException(AzureError.InvalidMessageExpiryTime, "the expiry '" + Names.visible(wanted) + "' must be a time such as " + now);
        }
        if (!expiry.isAfter(now) || expiry.isAfter(now.plus(LONGEST_LIFE))) {
            throw new AzureException(AzureError.InvalidMessageExpiryTime, "the expiry " + expiry + " must be within the next 48 hours");
        }
        return expiry;
    }

    @Override
    public Optional<CloudMessage> take(Identity to) {
        Instant now = clock.instant();
        return database.call(connection -> {
            while (true) {
                Optional<CloudMessage> first = CloudMessageTable.first(connection, to, now);
                if (first.isEmpty()) {
                    return first;
                }
                CloudMessage message = first.get();
                if (!message.expiry().isAfter(now)) {
                    bury(connection, message, "Expired", now);
                } else if (message.deliveries() >= MOST_DELIVERIES) {
                    bury(connection, message, "DeliveryCountExceeded", now);
                } else {
                    CloudMessageTable.lock(connection, message.number(), now.plus(LOCK));
                    return first;
                }
            }
        });
    }

    private void bury(Connection connection, CloudMessage message, String why, Instant now) throws SQLException {
        say(connection, message, why, "negative", now);
        if (CloudMessageTable.delete(connection, message.number())) {
            log.info("message {} for {} was not delivered: {}", message.system().get("message-id"), message.to(), why);
        }
    }

    private static void say(Connection connection, CloudMessage message, String status, String asked, Instant now) throws SQLException {
        String ack = message.system().getOrDefault(ACK, "none");
        if (ack.equals("full") || ack.equals(asked)) {
            CloudMessageTable.tell(connection, message, status, now);
        }
    }

    @Override
    public CompletionStage<Void> complete(CloudMessage message) {
        return database.submit(connection -> {
            say(connection, message, "Success", "positive", clock.instant());
            CloudMessageTable.delete(connection, message.number());
            return null;
        });
    }

    @Override
    public CompletionStage<Void> abandon(CloudMessage message) {
        return database.<Void>submit(connection -> {
            CloudMessageTable.unlock(connection, message.number());
            return null;
        }).thenRun(() -> tell(message.to()));
    }

    @Override
    public int count(Identity to) {
        return database.call(connection -> CloudMessageTable.count(connection, to));
    }

    @Override
    public Map<Identity, Integer> counts() {
        return database.call(CloudMessageTable::counts);
    }

    @Override
    public int purge(Identity to) {
        return database.call(connection -> {
            List<CloudMessage> all = CloudMessageTable.all(connection, to);
            for (CloudMessage message : all) {
                bury(connection, message, "Purged", clock.instant());
            }
            return all.size();
        });
    }

    @Override
    public Optional<Feedback> feedback() {
        Instant now = clock.instant();
        return database.call(connection -> CloudMessageTable.feedback(connection, now, now.plus(LOCK), MOST_FEEDBACK));
    }

    @Override
    public boolean settle(String lock, boolean done) {
        String[] parts = lock.split("-", -1);
        try {
            long first = Long.parseLong(parts[0]);
            long last = Long.parseLong(parts[1]);
            long until = Long.parseLong(parts[2]);
            return parts.length == 3 && database.call(connection -> CloudMessageTable.settle(connection, first, last, until, done)) > 0;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return false; // we never gave such a lock
        }
    }

    /** Every second: locks that ended by themselves, and messages whose time is over. */
    void look() {
        Instant now = clock.instant();
        Instant before = looked;
        looked = now;
        database.<Set<Identity>>submit(connection -> {
            for (CloudMessage message : CloudMessageTable.over(connection, now)) {
                bury(connection, message, "Expired", now);
            }
            return new LinkedHashSet<>(CloudMessageTable.unlocked(connection, before, now));
        }).thenAccept(all -> all.forEach(this::tell));
    }

    private void tell(Identity to) {
        for (AzureListener listener : listeners) {
            try {
                listener.waiting(to);
            } catch (RuntimeException | LinkageError e) {
                log.warn("a listener failed over a message for {}", to, e);
            }
        }
    }

    @Override
    public void ended(Identity identity, boolean deleted, String reason) {
        if (deleted) {
            database.submit(connection -> {
                if (identity.module().isPresent()) {
                    for (CloudMessage message : CloudMessageTable.all(connection, identity)) {
                        CloudMessageTable.delete(connection, message.number());
                    }
                } else {
                    CloudMessageTable.deleteAll(connection, identity.device());
                }
                return null;
            });
        }
    }
}
