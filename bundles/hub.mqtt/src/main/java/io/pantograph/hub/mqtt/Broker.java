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

    private final Settings settings;
    private final Guests guests = new Guests((will, topic) -> route(topic, will.payload(), will.qos()));
    private final Login login = new Login(guests);
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

    /** Lets clients in by these rules. */
    void serve(HubRules rules) {
        guests.rules(rules);
    }

    /** Lets nobody in any more, ends the connections there are, and waits for the rules to have been told. */
    void dismiss(Duration patience) throws InterruptedException {
        guests.rules(null);
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
        return CompletableFuture.failedStage(new UnsupportedOperationException("not yet"));
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
