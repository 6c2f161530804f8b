package io.pantograph.hub.mqtt;

import com.google.common.collect.ImmutableList;
import com.hivemq.bootstrap.netty.ChannelDependencies;
import com.hivemq.bootstrap.netty.NettyConfiguration;
import com.hivemq.configuration.service.FullConfigurationService;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.configuration.service.MqttConfigurationService;
import com.hivemq.configuration.service.MqttConfigurationService.QueuedMessagesStrategy;
import com.hivemq.configuration.service.impl.ConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.MqttConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.PersistenceConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.RestrictionsConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.SecurityConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.listener.ListenerConfigurationServiceImpl;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.services.admin.AdminService;
import com.hivemq.extensions.HiveMQExtensionEvent;
import com.hivemq.extensions.loader.ExtensionLifecycleHandler;
import com.hivemq.extensions.loader.ExtensionLoader;
import com.hivemq.extensions.services.admin.AdminServiceImpl;
import com.hivemq.migration.meta.PersistenceType;
import com.hivemq.mqtt.services.PublishPollService;
import com.hivemq.persistence.clientqueue.ClientQueuePersistence;
import com.hivemq.persistence.connection.ConnectionPersistence;
import com.hivemq.persistence.payload.PublishPayloadPersistence;
import com.hivemq.statistics.UsageStatisticsConfigImpl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running HiveMQ without listeners of its own: connections are given to it by the {@link FrontDoor}.
 *
 * <p>The usual way to embed it ({@code EmbeddedHiveMQ}) reads a configuration file with JAXB, asks the machine for its
 * processors through JNA, always listens somewhere, and takes 4 s to stop. This class takes the same steps through the classes
 * behind that one, which HiveMQ does not promise to keep: the version is pinned, and the tests of this room are the check when it
 * is raised.
 */
final class Engine {

    /** MQTT allows no longer one; a cloud may hold much in the topics it takes itself. */
    private static final int MAX_TOPIC = 65_535;
    /** Of a topic or filter that goes into the tree of subscriptions: a tree of 65,000 levels would be too much for it. */
    static final int MAX_ROUTED_TOPIC = 4_096;
    /** Room for the largest payload the clouds allow (262,144 bytes) and its topic; what is larger is cut off by the decoder. */
    static final int MAX_PACKET = 262_144 + MAX_TOPIC + 64;
    /** Messages to one client that it has not acknowledged. */
    private static final int UNDER_WAY = 1_000;
    static final int QUEUE = 5_000;
    static final Duration KEEP_ALIVE_CEILING = Duration.ofHours(1);
    /** How long a message waits for a client that is away. */
    private static final Duration MESSAGE_LIFE = Duration.ofDays(7);
    /** How long a session without clean-session waits for its client. */
    private static final Duration SESSION_LIFE = Duration.ofDays(30);

    /**
     * Into how many parts the stores on disk are split. A client's part follows from this number, so it must not change once there
     * is data. HiveMQ's own 64 is made for large machines: each part is a set of files, opened at every start.
     */
    private static final int BUCKETS = 4;

    private final Assembly parts;
    private final NettyConfiguration netty;
    private final ConnectionPersistence connections;
    private final ChannelDependencies pipeline;
    private final ClientQueuePersistence queues;
    private final PublishPollService batches;

    private Engine(Assembly parts) {
        this.parts = parts;
        netty = parts.part(NettyConfiguration.class);
        connections = parts.part(ConnectionPersistence.class);
        pipeline = parts.part(ChannelDependencies.class);
        queues = parts.part(ClientQueuePersistence.class);
        batches = parts.part(PublishPollService.class);
    }

    /**
     * Takes about a second.
     *
     * @param data where sessions and queued messages are kept; made if it is not there
     * @param rules called for everything clients do
     */
    static Engine start(Path data, ExtensionMain rules) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Engine.class.getClassLoader());
        try {
            XodusThreads.start();
            SessionFiles.check(data, Clock.systemUTC());
            Files.createDirectories(data);
            OwnerOnly.folder(data);
            internals();
            Assembly parts = Assembly.of(new EngineHome(data.toFile()), configuration());
            parts.part(PublishPayloadPersistence.class).init();
            extend(parts, rules);
            ((AdminServiceImpl) parts.part(AdminService.class)).hivemqStarted();
            return new Engine(parts);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void internals() {
        // The other choice for these two is RocksDB, which is native code.
        InternalConfigurations.PAYLOAD_PERSISTENCE_TYPE.set(PersistenceType.FILE);
        InternalConfigurations.RETAINED_MESSAGE_PERSISTENCE_TYPE.set(PersistenceType.FILE);
        InternalConfigurations.PERSISTENCE_BUCKET_COUNT.set(BUCKETS);
        InternalConfigurations.PAYLOAD_PERSISTENCE_BUCKET_COUNT.set(BUCKETS);
        InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(100);
        // A client that leaves Nagle's algorithm on acknowledges every 44 ms only; 50 at a time would give it 1,100 messages a second.
        InternalConfigurations.MAX_INFLIGHT_WINDOW_SIZE_MESSAGES = UNDER_WAY;
        InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
        InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(true);
    }

    private static FullConfigurationService configuration() {
        ConfigurationServiceImpl all = new ConfigurationServiceImpl(new ListenerConfigurationServiceImpl(), new MqttConfigurationServiceImpl(),
                new RestrictionsConfigurationServiceImpl(), new SecurityConfigurationServiceImpl(), new UsageStatisticsConfigImpl(),
                new PersistenceConfigurationServiceImpl());
        MqttConfigurationService mqtt = all.mqttConfiguration();
        mqtt.setMaxPacketSize(MAX_PACKET);
        mqtt.setMaxQueuedMessages(QUEUE);
        // A command that came last is the one that counts; Watson drops the oldest too.
        mqtt.setQueuedMessagesStrategy(QueuedMessagesStrategy.DISCARD_OLDEST);
        mqtt.setMaxMessageExpiryInterval(MESSAGE_LIFE.toSeconds());
        mqtt.setMaxSessionExpiryInterval(SESSION_LIFE.toSeconds());
        mqtt.setKeepAliveMax((int) KEEP_ALIVE_CEILING.toSeconds());
        mqtt.setKeepAliveAllowZero(false);
        mqtt.setTopicAliasEnabled(false);
        mqtt.setServerReceiveMaximum(1_000);
        // Retained stays on for what the hub itself retains; a client's mark is taken off (ClientRules).
        mqtt.setRetainedMessagesEnabled(true);
        all.restrictionsConfiguration().setMaxTopicLength(MAX_TOPIC);
        all.securityConfiguration().setAllowServerAssignedClientId(false);
        all.usageStatisticsConfiguration().setEnabled(false);
        return all;
    }

    private static void extend(Assembly parts, ExtensionMain rules) throws InterruptedException, ExecutionException {
        EmbeddedExtension extension = EmbeddedExtension.builder().withId("pantograph").withName("Pantograph hub rules").withVersion("1")
                .withAuthor("Pantograph").withPriority(1).withStartPriority(1).withExtensionMain(rules).build();
        HiveMQExtensionEvent enable = parts.part(ExtensionLoader.class).loadEmbeddedExtension(extension);
        if (enable == null) {
            throw new IllegalStateException("HiveMQ did not take the hub's rules; its log lines say why");
        }
        parts.part(ExtensionLifecycleHandler.class).handleExtensionEvents(ImmutableList.of(enable)).get();
    }

    /** What its pipelines are made of. */
    ChannelDependencies pipeline() {
        return pipeline;
    }

    /** A new one, for one connection. */
    Prompter prompter() {
        return new Prompter(queues, batches, UNDER_WAY);
    }

    /** One of what HiveMQ is made of. */
    <T> T part(Class<T> type) {
        return parts.part(type);
    }

    NettyConfiguration netty() {
        return netty;
    }

    /** Ends the connections, then the stores. Takes about 0.2 s. */
    void stop() throws InterruptedException {
        try {
            connections.shutDown().get(2, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            connections.interruptShutdown();
        }
        var workers = netty.getChildEventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var boss = netty.getParentEventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        workers.await(2, TimeUnit.SECONDS);
        boss.await(2, TimeUnit.SECONDS);
        parts.stop();
        XodusThreads.stop();
    }
}
