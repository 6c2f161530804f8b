package io.pantograph.deploy;

import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.DeploymentListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one listener has yet to hear: one thing after the other, in order, on a thread that it shares with no other. From any thread. */
final class Turn {

    /** A listener that is so far behind misses the oldest. */
    static final int BEHIND = 1_000;
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    private final DeploymentListener listener;
    private final String bundle;
    private final Executor threads;
    private final LongSupplier nanos;
    private final Deque<Deployment> news = new ArrayDeque<>();
    private boolean telling;
    private boolean complained;
    private boolean over;
    private long since;
    private long missed;

    /** @param bundle whose listener it is, for the log */
    Turn(DeploymentListener listener, String bundle, Executor threads, LongSupplier nanos) {
        this.listener = listener;
        this.bundle = bundle;
        this.threads = threads;
        this.nanos = nanos;
    }

    synchronized void tell(Deployment deployment) {
        if (over) {
            return;
        }
        news.add(deployment);
        if (news.size() > BEHIND) {
            news.poll();
            missed++;
        }
        if (!telling) {
            telling = true;
            since = nanos.getAsLong();
            threads.execute(this::run);
        } else if (!complained && nanos.getAsLong() - since > PATIENCE.toNanos()) {
            complained = true; // once, until it is back
            LOG.warn("the deployment listener of {} has not come back for more than {} s; it hears nothing until it does, and nobody else waits for it; "
                    + "what takes long belongs on a thread of its own", bundle, PATIENCE.toSeconds());
        }
    }

    private void run() {
        for (Deployment next = next(); next != null; next = next()) {
            try {
                listener.changed(next);
            } catch (RuntimeException | Error e) { // it must hear the next
                LOG.warn("the deployment listener of {} failed when it was told of {}", bundle, next.id(), e);
            }
        }
    }

    private synchronized Deployment next() {
        if (complained) {
            complained = false;
            LOG.warn("the deployment listener of {} is back; it has missed {} changes", bundle, missed);
            missed = 0;
        }
        Deployment next = over ? null : news.poll();
        telling = next != null;
        since = nanos.getAsLong();
        return next;
    }

    /** Whether it was said that it does not come back, and it has not. */
    synchronized boolean isSilent() {
        return complained;
    }

    /** It has gone; what it has in hand it may finish. */
    synchronized void end() {
        over = true;
        news.clear();
    }
}
