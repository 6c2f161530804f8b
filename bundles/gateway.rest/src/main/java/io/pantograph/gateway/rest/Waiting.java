package io.pantograph.gateway.rest;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Those who asked to be told when a deployment has come further; no thread waits for them. */
final class Waiting {

    private static final int MOST = 48;

    private record One(String id, String seen, CompletableFuture<Void> over) {

        boolean isFor(Deployment deployment) {
            return deployment.id().equals(id) && moved(deployment, seen);
        }
    }

    private final Deployments deployments;
    private final ScheduledExecutorService threads;
    private final Set<One> waiting = ConcurrentHashMap.newKeySet();

    Waiting(Deployments deployments, ScheduledExecutorService threads) {
        this.deployments = deployments;
        this.threads = threads;
    }

    private static boolean moved(Deployment deployment, String seen) {
        return deployment.state().isEnd() || !deployment.state().word().equals(seen);
    }

    /** The deployment as soon as it is in another state than was seen, or at its end; as it is then, when the time is over. */
    CompletionStage<Optional<Deployment>> next(String id, String seen, Duration time) {
        One one = new One(id, seen, new CompletableFuture<>());
        // More than these are answered at once, and come again.
        if (time.isZero() || waiting.size() >= MOST) {
            return CompletableFuture.completedFuture(deployments.deployment(id));
        }
        waiting.add(one);
        Future<?> alarm = threads.schedule(() -> one.over().complete(null), time.toMillis(), TimeUnit.MILLISECONDS);
        Optional<Deployment> now = deployments.deployment(id);
        if (now.isEmpty() || moved(now.get(), seen)) {
            one.over().complete(null);
        }
        return one.over().handle((nothing, why) -> {
            waiting.remove(one);
            alarm.cancel(false);
            return null;
        }).thenApplyAsync(nothing -> deployments.deployment(id), threads);
    }

    /** What follows is done on our own threads; who tells of the change has more to tell. */
    void changed(Deployment deployment) {
        for (One one : waiting) {
            if (one.isFor(deployment)) {
                end(one);
            }
        }
    }

    void close() {
        waiting.forEach(this::end);
    }

    private void end(One one) {
        try {
            one.over().complete(null);
        } catch (RejectedExecutionException e) {
            // The API is being shut, and with it the connection of who waits.
        }
    }
}
