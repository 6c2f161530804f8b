package io.pantograph.twin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other, in their order, on threads of a pool: what is touched here only needs no lock. */
final class Serial implements Executor {

    private static final Logger log = LoggerFactory.getLogger(Serial.class);
    private static final int AT_A_TIME = 100;

    private final Executor pool;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    Serial(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        submit();
    }

    private void submit() {
        try {
            pool.execute(this::some);
        } catch (RejectedExecutionException e) {
            more(Integer.MAX_VALUE); // the pool is closing; somebody may wait for what is left
        }
    }

    /** Some, then other devices have their turn. */
    private void some() {
        if (more(AT_A_TIME)) {
            submit();
        }
    }

    /** @return whether there are more */
    private boolean more(int most) {
        for (int done = 0; done < most; done++) {
            Runnable task;
            synchronized (this) {
                task = tasks.poll();
                if (task == null) {
                    running = false;
                    return false;
                }
            }
            try {
                task.run();
            } catch (RuntimeException | LinkageError e) {
                log.error("a step of a twin failed", e);
            }
        }
        return true;
    }
}
