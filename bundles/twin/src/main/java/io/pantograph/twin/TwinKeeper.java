package io.pantograph.twin;

import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.DeviceTwin;
import io.pantograph.api.core.HandlerWork;
import io.pantograph.api.core.News;
import io.pantograph.api.core.Twins;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.handlers.Handler;
import io.pantograph.handlers.Handlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Joins the devices' twins with the handlers that are here. */
@Component
public final class TwinKeeper implements Twins, HandlerWork {

    @interface Config {
        /** So many handlers may block their thread at the same time before others wait. */
        int workers() default 16;

        /** A handler that leaves may finish what it has in hand. */
        long grace_ms() default 2000;
    }

    /** Steps are short, but for a codec that is being replaced. */
    private static final int STEPPING = 4;
    private static final int TELLING = 2;

    private final Map<DeviceId, KeptTwin> twins = new ConcurrentHashMap<>();
    private final Handlers<DesiredHandler> handlers;
    private final House house;
    private final ExecutorService workers;
    private final ExecutorService steps;
    private final ExecutorService tellers;
    private final ScheduledThreadPoolExecutor timer;

    @Activate
    public TwinKeeper(Config config, @Reference Codecs codecs, @Reference News news) {
        workers = pool(config.workers(), "pantograph-twin-worker-");
        steps = pool(STEPPING, "pantograph-twin-");
        tellers = pool(TELLING, "pantograph-twin-teller-");
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "pantograph-twin-clock"));
        timer.setRemoveOnCancelPolicy(true);
        handlers = new Handlers<>("desired ", true, Duration.ofMillis(config.grace_ms()), "pantograph.property", "pantograph.component");
        house = new House(new Json(codecs.route(Json.FORMAT)), news, InstantSource.system(), timer, steps, workers, tellers, handlers);
    }

    /**
     * Not the handler itself: a handler has a gateway as a rule, and the gateway's devices have their twins of us, so that to fetch
     * it here would be to fetch it while it waits for us.
     */
    @Reference(service = DesiredHandler.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addHandler(ComponentServiceObjects<DesiredHandler> service, Map<String, Object> properties) {
        Handler<DesiredHandler> added = handlers.add(service::getService, service::ungetService, properties);
        workers.execute(() -> {
            added.prepare();
            twins.values().forEach(KeptTwin::handlersChanged);
        });
    }

    void removeHandler(Map<String, Object> properties) {
        handlers.remove(properties);
    }

    @Override
    public DeviceTwin of(DeviceId device) {
        return twins.computeIfAbsent(device, id -> new KeptTwin(id, house, kept -> twins.remove(id, kept)));
    }

    @Override
    public Map<Long, Evidence> work() {
        return handlers.work();
    }

    @Override
    public CompletionStage<Void> retire(long bundle) {
        CompletionStage<Void> idle = handlers.retire(bundle);
        twins.values().forEach(KeptTwin::handlersChanged); // what they were given, their successor begins with
        return idle;
    }

    @Override
    public void restore(long bundle) {
        handlers.restore(bundle);
        twins.values().forEach(KeptTwin::handlersChanged);
    }

    @Deactivate
    void close() {
        List.copyOf(twins.values()).forEach(KeptTwin::close);
        timer.shutdownNow();
        end(steps); // what waits for them hears that they are closed
        end(tellers);
        end(workers);
        end(timer);
    }

    private static void end(ExecutorService pool) {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService pool(int most, String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(most, most, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                task -> daemon(task, name + count.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
