package io.pantograph.deploy;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/** Tells whoever listens how deployments go, each in a turn of its own: one that dawdles, or hangs, delays no step and no other. */
final class Telling implements AutoCloseable {

    private static final int IDLE_S = 10;

    private final ServiceTracker<DeploymentListener, Turn> turns;
    /** As many threads as there are listeners that have something in hand. */
    private final ExecutorService threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_S, TimeUnit.SECONDS, new SynchronousQueue<>(),
            task -> daemon(task, "pantograph-deploy-news"), new ThreadPoolExecutor.DiscardPolicy());

    Telling(BundleContext context) {
        turns = new ServiceTracker<>(context, DeploymentListener.class, null) {

            @Override
            public Turn addingService(ServiceReference<DeploymentListener> reference) {
                DeploymentListener listener = context.getService(reference);
                Bundle of = reference.getBundle();
                return listener == null || of == null ? null : new Turn(listener, Ground.title(of), threads, System::nanoTime);
            }

            @Override
            public void removedService(ServiceReference<DeploymentListener> reference, Turn turn) {
                turn.end();
                context.ungetService(reference);
            }
        };
        turns.open();
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void tell(Deployment deployment) {
        for (Turn turn : turns.getServices(new Turn[0])) {
            turn.tell(deployment);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        turns.close();
    }
}
