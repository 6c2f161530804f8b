package io.pantograph.twin;

import io.pantograph.api.core.News;
import io.pantograph.api.model.Condition;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.twin.DesiredHandler;
import io.pantograph.handlers.Handlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What all twins share.
 *
 * @param steps where twins take their steps, none of which waits for long
 * @param workers for handlers, which may wait, also for what they report
 * @param tellers for those who wait for an outcome; not the workers, who may be all waiting for just that
 */
record House(Json json, News news, InstantSource clock, ScheduledExecutorService timer, Executor steps, Executor workers,
        Executor tellers, Handlers<DesiredHandler> handlers) {

    /** Later, one step of this twin. */
    Future<?> later(Duration delay, Executor serial, Runnable step) {
        try {
            return timer.schedule(() -> serial.execute(step), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null); // closing
        }
    }

    /** Tells those who wait, where they may take their time. */
    <T> void tell(List<CompletableFuture<T>> promises, Consumer<CompletableFuture<T>> outcome) {
        if (promises.isEmpty()) {
            return;
        }
        List<CompletableFuture<T>> told = List.copyOf(promises);
        run(tellers, () -> told.forEach(outcome));
    }

    /** Off the twin's own threads. */
    void work(Runnable task) {
        run(workers, task);
    }

    private static void run(Executor pool, Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            task.run(); // closing
        }
    }

    void condition(Condition.Kind kind, DeviceId device, String subject, String detail) {
        news.condition(new Condition(kind, device, subject, Json.FORMAT, detail, clock.instant()));
    }
}
