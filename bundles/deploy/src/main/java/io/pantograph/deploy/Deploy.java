package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.HandlerWork;
import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.hub.HubEndpoints;
import io.pantograph.api.operator.Deployments;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the parts of the installer, and offers it when what was deployed before is back. It registers the service itself, since a component's
 * would be there before.
 */
@Component(service = {}, immediate = true)
@Capability(namespace = "osgi.service", attribute = {"objectClass:List<String>=\"io.pantograph.api.operator.Deployments\""})
public final class Deploy {

    static final String CALLS = "pantograph.deploy.calls";

    private static final Logger LOG = LoggerFactory.getLogger(Deploy.class);
    private static final int FETCHING = 4;
    /** So long the start of the box waits for what was deployed, so that devices find their codecs. */
    private static final int PATIENCE_S = 10;

    private final ScheduledExecutorService steps = Executors.newSingleThreadScheduledExecutor(task -> Telling.daemon(task, "pantograph-deploy"));
    private final ExecutorService fetching = Executors.newFixedThreadPool(FETCHING, task -> Telling.daemon(task, "pantograph-deploy-fetch"));
    private final ServiceTracker<HandlerWork, HandlerWork> work;
    private final ServiceTracker<HubEndpoints, HubEndpoints> hub;
    private final Telling telling;
    private final Journal journal;
    private final Stock stock;
    private final Ground ground;
    private final BundleContext context;
    private volatile boolean closing;
    private Engine engine;
    private ServiceRegistration<Deployments> offered;

    @Activate
    public Deploy(BundleContext context, @Reference Settings settings, @Reference CodecExchange exchange, @Reference ServiceComponentRuntime components)
            throws IOException, SettingException {
        this.context = context;
        Path folder = settings.home().resolve("deploy");
        work = new ServiceTracker<>(context, HandlerWork.class, null);
        work.open();
        hub = new ServiceTracker<>(context, HubEndpoints.class, null);
        hub.open();
        telling = new Telling(context);
        Artifacts artifacts = new Artifacts(folder.resolve("artifacts"));
        journal = new Journal(folder);
        Fetcher fetcher = new Fetcher(settings, () -> Optional.ofNullable(hub.getService()), artifacts);
        ground = new Ground(context);
        stock = new Stock(artifacts, fetcher, new Planner(context), ground, new Readiness(ground, components), exchange,
                () -> List.of(work.getServices(new HandlerWork[0])), steps, settings.number(CALLS, 1_000, 0, 1_000_000_000));
        stock.follow(journal::set);
        Future<?> back = steps.submit(this::open);
        try {
            back.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("what was deployed takes more than {} s to come back; the box goes on meanwhile", PATIENCE_S);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            close();
            throw new IOException("the installer does not start", e.getCause());
        }
    }

    private void open() {
        new Recovery(journal, stock, ground, Clock.systemUTC()).run();
        engine = new Engine(new House(steps, fetching, Clock.systemUTC(), journal, stock, stock, stock, telling::tell, this::closing));
        offered = context.registerService(Deployments.class, engine, null);
    }

    private boolean closing() {
        return closing || context.getBundle(0).getState() == Bundle.STOPPING;
    }

    @Deactivate
    void close() {
        closing = true;
        fetching.shutdownNow();
        Future<?> closed = steps.submit(() -> {
            if (offered != null) {
                offered.unregister();
                if (context.getBundle(0).getState() != Bundle.STOPPING) {
                    engine.close();
                }
            }
        });
        try {
            closed.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            LOG.warn("the installer did not end as it should", e);
        }
        steps.shutdownNow();
        telling.close();
        work.close();
        hub.close();
        try {
            journal.close();
        } catch (IOException e) {
            LOG.warn("the journal was not closed as it should be", e);
        }
    }
}
