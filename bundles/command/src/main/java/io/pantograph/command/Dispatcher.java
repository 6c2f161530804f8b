package io.pantograph.command;

import io.pantograph.api.command.Command;
import io.pantograph.api.command.CommandHandler;
import io.pantograph.api.command.CommandResult;
import io.pantograph.api.core.CommandDispatcher;
import io.pantograph.api.core.HandlerWork;
import io.pantograph.api.core.News;
import io.pantograph.api.operator.Evidence;
import io.pantograph.handlers.Handler;
import io.pantograph.handlers.Handlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
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

/** Joins the handlers that are here with the devices' lanes. */
@Component
public final class Dispatcher implements CommandDispatcher, HandlerWork {

    @interface Config {
        /** So many handlers may block their thread at the same time before others wait. */
        int workers() default 16;

        /** A handler that leaves may finish what it has in hand. */
        long grace_ms() default 10_000;

        /** Of one device. */
        int waiting() default 1000;
    }

    private final Handlers<CommandHandler> handlers;
    private final Lanes lanes;
    private final ExecutorService workers;
    private final ScheduledExecutorService timer;

    @Activate
    public Dispatcher(Config config, @Reference News news) {
        workers = workers(config.workers());
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "pantograph-command-clock"));
        handlers = new Handlers<>("", false, Duration.ofMillis(config.grace_ms()), "pantograph.command");
        lanes = new Lanes(handlers, new Outcomes(news, Clock.systemUTC()), workers, timer, Clock.systemUTC(), config.waiting());
    }

    /**
     * Not the handler itself: a handler has a gateway as a rule, and the gateway's sessions have this dispatcher, so that to
     * fetch it here would be to fetch it while it waits for us.
     */
    @Reference(service = CommandHandler.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addHandler(ComponentServiceObjects<CommandHandler> service, Map<String, Object> properties) {
        Handler<CommandHandler> added = handlers.add(service::getService, service::ungetService, properties);
        workers.execute(() -> {
            added.prepare();
            lanes.handlersChanged();
        });
    }

    void removeHandler(Map<String, Object> properties) {
        handlers.remove(properties);
    }

    @Override
    public CompletionStage<CommandResult> dispatch(Command command) {
        return lanes.dispatch(command);
    }

    @Override
    public CompletionStage<CommandResult> dispatch(Command command, Duration handlerPatience) {
        return lanes.dispatch(command, handlerPatience);
    }

    @Override
    public Map<Long, Evidence> work() {
        return handlers.work();
    }

    @Override
    public CompletionStage<Void> retire(long bundle) {
        return handlers.retire(bundle);
    }

    @Override
    public void restore(long bundle) {
        handlers.restore(bundle);
        lanes.handlersChanged();
    }

    @Deactivate
    void close() {
        lanes.close();
        timer.shutdownNow();
        workers.shutdownNow();
    }

    private static ExecutorService workers(int most) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(most, most, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                task -> daemon(task, "pantograph-command-" + count.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
