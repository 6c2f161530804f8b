package io.pantograph.gateway.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import io.pantograph.api.operator.Backlog;
import io.pantograph.api.operator.CodecBoard;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import io.pantograph.api.operator.Deployments;
import io.pantograph.api.operator.Parking;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's HTTP API for programs of this machine. It opens a second later and on a thread of its own, so that nobody's
 * first message waits for it. Its
 * threads end when nothing is asked for a while.
 */
@Component(service = DeploymentListener.class, immediate = true)
public final class Rest implements DeploymentListener {

    static final String PORT = "pantograph.gateway.rest.port";

    private static final Logger LOG = LoggerFactory.getLogger(Rest.class);
    private static final int THREADS = 4;
    /** The server takes 60 ms of a processor to come up, which devices that are just connecting need more. */
    private static final long LATER_MS = 1_000;

    private final Settings settings;
    private final ScheduledThreadPoolExecutor threads;
    private final Waiting waiting;
    private final Overview overview = new Overview();
    private final Deployments deployments;
    private Door door;
    private boolean closed;

    @Activate
    public Rest(@Reference Settings settings, @Reference Deployments deployments) {
        this(settings, deployments, LATER_MS);
    }

    Rest(Settings settings, Deployments deployments, long laterMs) {
        this.settings = settings;
        this.deployments = deployments;
        AtomicInteger count = new AtomicInteger();
        threads = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, "pantograph-rest-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.setKeepAliveTime(10, TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
        threads.setRemoveOnCancelPolicy(true);
        waiting = new Waiting(deployments, threads);
        threads.schedule(this::open, laterMs, TimeUnit.MILLISECONDS);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC)
    void addBoard(CodecBoard board) {
        overview.board(board);
    }

    void removeBoard(CodecBoard board) {
        overview.unboard(board);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addParking(Parking parking) {
        overview.add(parking);
    }

    void removeParking(Parking parking) {
        overview.remove(parking);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void addBacklog(Backlog backlog) {
        overview.add(backlog);
    }

    void removeBacklog(Backlog backlog) {
        overview.remove(backlog);
    }

    @Override
    public void changed(Deployment deployment) {
        waiting.changed(deployment);
    }

    private synchronized void open() {
        if (closed) {
            return;
        }
        int port = 0;
        try {
            port = settings.port(PORT, 0);
            door = Door.open(settings.home(), port, threads, new Api(deployments, overview, waiting));
            LOG.info("the gateway's API listens at {}", door.url());
        } catch (SettingException e) {
            settings.fail(e);
        } catch (BindException e) {
            settings.fail(new SettingException(PORT, port, "is in use by another program", "choose another port, or 0 for any free one"));
        } catch (IOException e) {
            LOG.error("the gateway's API cannot be opened, so that the command line does not find this gateway: {}", e.toString());
        }
    }

    @Deactivate
    synchronized void close() {
        closed = true;
        if (door != null) {
            door.close();
        }
        waiting.close();
        threads.shutdownNow();
    }
}
