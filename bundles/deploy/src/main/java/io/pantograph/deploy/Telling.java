package io.pantograph.deploy;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whoever listens how deployments go, one after the other, on a thread of its own: a listener that dawdles delays no step. */
final class Telling implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);
    /** A listener that is so far behind misses what comes until it has caught up. */
    private static final int BEHIND = 10_000;

    private final ServiceTracker<DeploymentListener, DeploymentListener> listeners;
    private final ExecutorService thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(BEHIND),
            task -> daemon(task, "pantograph-deploy-news"), new ThreadPoolExecutor.DiscardPolicy());

    Telling(BundleContext context) {
        listeners = new ServiceTracker<>(context, DeploymentListener.class, null);
        listeners.open();
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void tell(Deployment deployment) {
        thread.execute(() -> {
            for (DeploymentListener listener : listeners.getServices(new DeploymentListener[0])) {
                try {
                    listener.changed(deployment);
                } catch (RuntimeException | LinkageError e) {
                    LOG.warn("{} failed when it was told of {}", listener.getClass().getName(), deployment.id(), e);
                }
            }
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
        listeners.close();
    }
}
