package io.pantograph.codecs;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The room's threads: one that tells verdicts and one that feeds those on shadow. They are there only while they have something to do. */
final class Crew implements AutoCloseable {

    private final ThreadPoolExecutor herald = thread("codecs-verdicts");
    private final ThreadPoolExecutor feeder = thread("codecs-shadow");

    private static ThreadPoolExecutor thread(String name) {
        ThreadPoolExecutor one = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy());
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    Executor herald() {
        return herald;
    }

    Executor feeder() {
        return feeder;
    }

    @Override
    public void close() {
        herald.shutdownNow();
        feeder.shutdownNow();
    }
}
