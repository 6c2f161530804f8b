package io.pantograph.hub.mqtt;

import com.hivemq.extension.sdk.api.services.builder.Builders;
import com.hivemq.extension.sdk.api.services.exception.NoSuchClientIdException;
import com.hivemq.extension.sdk.api.services.publish.Publish;
import com.hivemq.extension.sdk.api.services.publish.PublishToClientResult;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.Departure;
import io.pantograph.api.hub.HubRules;
import io.pantograph.api.hub.HubTransport;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions, queues and routing: HiveMQ behind the hub's own words. It starts beside everything else, in about a second; what is sent
 * meanwhile waits for it. Nobody reaches it before the {@link Doors} are open.
 */
@Component(service = {HubTransport.class, Broker.class})
public final class Broker implements HubTransport {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    /** Much more than it needs; Xodus tries for ever to open files that hold nothing of its own. */
    private static final Duration START = Duration.ofSeconds(60);

    /** For rules that are still to come; less than a client waits for its CONNACK. */
    private static final Duration GATHERING = Duration.ofSeconds(8);
    /** How long clients may take to be seen off when their rules go. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Settings settings;
    private final Hosts hosts = new Hosts(GATHERING);
    private final Guests guests = new Guests(hosts, (will, topic) -> route(topic, will.payload(), will.qos()));
    private final Login login = new Login(hosts);
    private final RulesExtension extension = new RulesExtension(login, guests);
    private final CompletableFuture<Engine> engine = new CompletableFuture<>();

    @Activate
    public Broker(@Reference Settings settings) {
        this.settings = settings;
        Path data = settings.home().resolve("hub").resolve("sessions");
        engine.orTimeout(START.toSeconds(), TimeUnit.SECONDS).exceptionally(failure -> fail(data, failure));
        Thread starting = new Thread(() -> start(data), "hub-broker");
        starting.setDaemon(true);
        starting.start();
    }

    private void start(Path data) {
        long begin = System.nanoTime();
        try {
            engine.complete(Engine.start(data, extension));
            LOG.debug("the broker took {} ms to start", (System.nanoTime() - begin) / 1_000_000);
        } catch (Exception | LinkageError e) {
            engine.completeExceptionally(e);
        }
    }

    private Engine fail(Path data, Throwable failure) {
        LOG.error("the broker cannot start on {}", data, failure);
        String why = failure instanceof TimeoutException ? "in " + START.toSeconds() + " s" : '(' + failure.getMessage() + ')';
        settings.fail(new SettingException("pantograph.home", settings.home(), "holds sessions the hub cannot read " + why,
                "move " + data + " away, or choose another folder"));
        return null;
    }

    @Deactivate
    void close() throws InterruptedException {
        login.close();
        try {
            engine.join().stop();
        } catch (CompletionException never) {
            LOG.debug("the broker had not started", never);
        }
    }

    /** Completes when clients can be given to it. */
    CompletableFuture<Engine> engine() {
        return engine;
    }

    /** @param missing whether there are rules that were announced and have not come */
    void expect(BooleanSupplier missing) {
        hosts.expect(missing);
    }

    /** Lets clients in by these rules as well. */
    void serve(HubRules rules, int ranking, long service) {
        hosts.add(rules, ranking, service);
    }

    /** Lets nobody in by these rules any more; those they let in are seen off, and all others stay. */
    void leave(HubRules rules) {
        hosts.remove(rules);
        try {
            guests.dismiss(rules, FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets nobody in any more, ends the connections there are, and waits for the rules to have been told. */
    void dismiss(Duration patience) throws InterruptedException {
        hosts.clear();
        guests.dismiss(patience);
    }

    @Override
    public CompletionStage<Void> toClient(String session, String topic, Bytes payload, Qos qos) {
        return engine.thenCompose(up -> extension.publish().publishToClient(message(topic, payload, qos, false), session)).thenAccept(result -> {
            if (result == PublishToClientResult.NOT_SUBSCRIBED) {
                throw new IllegalStateException(session + " has not subscribed to " + topic);
            }
        });
    }

    @Override
    public CompletionStage<Void> handOver(String session, String topic, Bytes payload, Qos qos) {
        return guests.peers().of(session).map(peer -> peer.courier.hand(topic, payload, qos))
                .orElseGet(() -> CompletableFuture.failedStage(new IllegalStateException(session + " is not connected")));
    }

    @Override
    public CompletionStage<Void> route(String topic, Bytes payload, Qos qos) {
        return engine.thenCompose(up -> extension.publish().publish(message(topic, payload, qos, false)));
    }

    @Override
    public CompletionStage<Void> retain(String topic, Bytes payload, Qos qos) {
        return engine.thenCompose(up -> extension.publish().publish(message(topic, payload, qos, true)));
    }

    private static Publish message(String topic, Bytes payload, Qos qos, boolean retain) {
        return Builders.publish().topic(topic).payload(payload.buffer()).retain(retain)
                .qos(com.hivemq.extension.sdk.api.packets.general.Qos.valueOf(qos.level())).build();
    }

    @Override
    public void drop(String session, String reason) {
        guests.peers().of(session).ifPresent(peer -> peer.cut(Departure.Cause.ADMIN, reason));
    }

    @Override
    public void forget(String session) {
        guests.peers().of(session).ifPresent(peer -> peer.blame(Departure.Cause.ADMIN, "its identity was deleted"));
        engine.thenCompose(up -> extension.clients().invalidateSession(session)).whenComplete((was, failure) -> {
            if (failure != null && !(failure.getCause() instanceof NoSuchClientIdException)) {
                LOG.error("the session of {} cannot be deleted", session, failure);
            }
        });
    }
}
