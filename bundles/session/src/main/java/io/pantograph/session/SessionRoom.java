package io.pantograph.session;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.Managements;
import io.pantograph.api.core.News;
import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.core.Session;
import io.pantograph.api.core.Sessions;
import io.pantograph.api.core.Settings;
import io.pantograph.api.core.Twins;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.operator.Parked;
import io.pantograph.api.operator.Parking;
import io.pantograph.api.transport.Transport;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens sessions and owns the threads they share: one clock, on which all connecting happens, and a few for what comes in. */
@Component(service = {Sessions.class, Parking.class})
@Designate(ocd = SessionRoom.Config.class)
public final class SessionRoom implements Sessions, Parking {

    @ObjectClassDefinition(name = "Pantograph sessions", description = "How devices keep their connection to the hub")
    @interface Config {

        @AttributeDefinition(name = "Window", description = "messages under way without an acknowledgement, for each device; at most 500")
        int window() default 100;

        @AttributeDefinition(name = "Longest keep-alive in seconds", description = "how soon a dead link is noticed")
        int keep_alive_s() default 30;

        @AttributeDefinition(name = "Stall in seconds",
                description = "without one acknowledgement for so long, though messages are under way, the connection is made anew")
        int stall_s() default 20;

        @AttributeDefinition(name = "Longest pause in seconds", description = "between two tries to connect")
        int pause_s() default 60;

        @AttributeDefinition(name = "Pause after a refusal in seconds", description = "when the hub does not take this identity or token")
        int refused_pause_s() default 120;

        @AttributeDefinition(name = "Command patience in seconds",
                description = "how long a command may wait for its handler and the handler may take, where the cloud sets no limit")
        int command_patience_s() default 3600;

        @AttributeDefinition(name = "Inbound", description = "messages from the hub that may be in work, for each device")
        int inbound() default 1000;

        @AttributeDefinition(name = "Parked commands",
                description = "that may wait for a codec, for each device; fewer than may be in work, so that others find room")
        int parked() default 500;

        @AttributeDefinition(name = "Parked bytes", description = "that they may have, all devices together")
        long parked_bytes() default 16 << 20;
    }

    private static final List<String> AUTHORITIES = List.of("hub/ca.pem", "conf/ca.pem");
    private static final String ASSIGNMENTS = "gateway/assignments.properties";
    private static final int CHECK_MILLIS = 1000;
    private static final int FAREWELL_MILLIS = 1500;
    private static final Logger LOG = LoggerFactory.getLogger(SessionRoom.class);

    private final Limits limits;
    private final CommandParking parking;
    private final Rooms rooms;
    private final ScheduledThreadPoolExecutor clock;
    private final ExecutorService inbound;
    private final Set<Conversation> open = ConcurrentHashMap.newKeySet();
    private volatile Transport transport;
    private volatile Twins twins;
    private volatile Managements managements;

    @Activate
    public SessionRoom(Config config, @Reference Settings settings, @Reference Codecs codecs, @Reference CommandDispatcher commands,
            @Reference News news) {
        limits = new Limits(Math.max(1, Math.min(500, config.window())), Duration.ofSeconds(config.keep_alive_s()),
                Duration.ofSeconds(config.stall_s()), Duration.ofSeconds(config.pause_s()), Duration.ofSeconds(config.refused_pause_s()),
                Duration.ofSeconds(config.command_patience_s()), config.inbound());
        clock = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "pantograph-session-clock"));
        clock.setRemoveOnCancelPolicy(true);
        inbound = pool();
        Trust trust = new Trust(settings.home(), AUTHORITIES);
        Assignments assignments = new Assignments(settings.home().resolve(ASSIGNMENTS));
        parking = new CommandParking(config.parked(), config.parked_bytes(), codecs, commands, news, Clock.systemUTC(), clock, inbound);
        rooms = new Rooms(() -> transport, () -> twins, () -> managements, trust::context, assignments, codecs, commands, parking,
                news, clock, inbound, Clock.systemUTC(), System::nanoTime, RandomGenerator.getDefault());
        clock.scheduleWithFixedDelay(() -> open.forEach(Conversation::check), CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static ExecutorService pool() {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(4, 4, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                task -> daemon(task, "pantograph-session-inbound-" + count.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setTransport(Transport transport) {
        this.transport = transport;
    }

    void unsetTransport(Transport transport) {
        if (this.transport == transport) {
            this.transport = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setTwins(Twins twins) {
        this.twins = twins;
        open.forEach(Conversation::twinsChanged);
    }

    void unsetTwins(Twins twins) {
        if (this.twins == twins) {
            this.twins = null;
            open.forEach(Conversation::twinsChanged);
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setManagements(Managements managements) {
        this.managements = managements;
        open.forEach(Conversation::managementsChanged);
    }

    void unsetManagements(Managements managements) {
        if (this.managements == managements) {
            this.managements = null;
            open.forEach(Conversation::managementsChanged);
        }
    }

    @Override
    public Session open(Profile profile, OutboxLane lane) {
        Conversation conversation = new Conversation(profile, lane, limits, rooms, open::remove);
        open.add(conversation);
        conversation.begin();
        return conversation;
    }

    @Override
    public List<Parked> parked(int most) {
        return parking.parked(most);
    }

    @Override
    public int count() {
        return parking.count();
    }

    @Override
    public long decoded() {
        return parking.decoded();
    }

    @Override
    public long dropped() {
        return parking.dropped();
    }

    @Deactivate
    void close() {
        CompletableFuture<?>[] leaving = open.stream().map(Conversation::abandon).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(leaving).get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException late) {
            LOG.debug("not every connection was ended politely", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clock.shutdownNow();
        inbound.shutdownNow();
    }
}
