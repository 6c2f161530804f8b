package io.pantograph.hub.mqtt;

import com.codahale.metrics.MetricRegistry;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.Stage;
import com.google.inject.util.Modules;
import com.hivemq.bootstrap.ioc.HiveMQMainModule;
import com.hivemq.bootstrap.ioc.SystemInformationModule;
import com.hivemq.bootstrap.ioc.lazysingleton.LazySingletonModule;
import com.hivemq.bootstrap.netty.ioc.NettyModule;
import com.hivemq.common.shutdown.ShutdownHooks;
import com.hivemq.configuration.HivemqId;
import com.hivemq.configuration.info.SystemInformation;
import com.hivemq.configuration.ioc.ConfigurationModule;
import com.hivemq.configuration.service.FullConfigurationService;
import com.hivemq.diagnostic.DiagnosticModule;
import com.hivemq.extensions.ioc.ExtensionModule;
import com.hivemq.lifecycle.LifecycleModule;
import com.hivemq.metrics.ioc.MetricsModule;
import com.hivemq.mqtt.ioc.MQTTHandlerModule;
import com.hivemq.mqtt.ioc.MQTTServiceModule;
import com.hivemq.persistence.PersistenceStartup;
import com.hivemq.persistence.clientqueue.ClientQueueLocalPersistence;
import com.hivemq.persistence.ioc.PersistenceMigrationModule;
import com.hivemq.persistence.ioc.PersistenceModule;
import com.hivemq.persistence.payload.PublishPayloadPersistence;
import com.hivemq.persistence.payload.PublishPayloadPersistenceImpl;
import com.hivemq.security.ioc.SecurityModule;
import com.hivemq.statistics.UsageStatisticsModule;
import com.hivemq.throttling.ioc.ThrottlingModule;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HiveMQ, put together of its own parts and two of ours in their place: {@link Payloads} and {@link Queues}. These are the steps of
 * {@code HiveMQServer}, which leaves no room for others; without its migrations from older versions, which this hub never had, and without
 * its handler of uncaught exceptions, which ends the JVM.
 *
 * <p>First the stores are opened, then everything else is built around them.
 */
final class Assembly {

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    private final FolderLock lock;
    private final Injector parts;

    private Assembly(FolderLock lock, Injector parts) {
        this.lock = lock;
        this.parts = parts;
    }

    /** Takes about half a second. @throws IllegalStateException if another hub works on these sessions */
    static Assembly of(SystemInformation home, FullConfigurationService configuration) throws IOException, InterruptedException {
        FolderLock lock = FolderLock.on(home.getDataFolder().toPath());
        try {
            return new Assembly(lock, parts(home, configuration));
        } catch (InterruptedException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Injector parts(SystemInformation home, FullConfigurationService configuration) throws InterruptedException {
        MetricRegistry metrics = new MetricRegistry();
        HivemqId id = new HivemqId();
        LifecycleModule lifecycle = new LifecycleModule();
        Injector stores = Guice.createInjector(Stage.PRODUCTION, Modules.override(List.<Module>of(
                new SystemInformationModule(home),
                new ConfigurationModule(configuration, id),
                new LazySingletonModule(),
                lifecycle,
                new PersistenceMigrationModule(metrics, configuration.persistenceConfigurationService()))).with(new LightPayloads()));
        try {
            stores.getInstance(PersistenceStartup.class).finish();
            return Guice.createInjector(Stage.PRODUCTION, Modules.override(List.<Module>of(
                    new SystemInformationModule(home),
                    new LazySingletonModule(),
                    lifecycle,
                    new ConfigurationModule(configuration, id),
                    new NettyModule(),
                    new HiveMQMainModule(),
                    new MQTTHandlerModule(stores),
                    new PersistenceModule(stores, configuration.persistenceConfigurationService()),
                    new MetricsModule(metrics, stores),
                    new ThrottlingModule(),
                    new MQTTServiceModule(),
                    new DiagnosticModule(),
                    new SecurityModule(),
                    new UsageStatisticsModule(),
                    new ExtensionModule())).with(new LightQueues(stores)));
        } catch (InterruptedException | RuntimeException e) {
            stores.getInstance(ShutdownHooks.class).runShutdownHooks();
            throw e;
        }
    }

    private static final class LightPayloads extends AbstractModule {

        @Provides
        @Singleton
        PublishPayloadPersistence payloads(PublishPayloadPersistenceImpl disk) {
            return new Payloads(disk);
        }
    }

    private static final class LightQueues extends AbstractModule {

        private final Injector stores;

        LightQueues(Injector stores) {
            this.stores = stores;
        }

        @Override
        protected void configure() {
            bind(ClientQueueLocalPersistence.class).toInstance(new Queues(stores.getInstance(ClientQueueLocalPersistence.class),
                    (Payloads) stores.getInstance(PublishPayloadPersistence.class)));
        }
    }

    /** One of what HiveMQ is made of. */
    <T> T part(Class<T> type) {
        return parts.getInstance(type);
    }

    /** Closes the stores, and whatever else wants to be. Only once. */
    void stop() {
        parts.getInstance(ShutdownHooks.class).runShutdownHooks();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the sessions stay locked until this process ends", e);
        }
    }
}
