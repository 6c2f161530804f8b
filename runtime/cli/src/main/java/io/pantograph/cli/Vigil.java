package io.pantograph.cli;

import io.pantograph.api.service.ServiceException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Watches until its time is over, the stream ends, or somebody presses Ctrl-C; then says how much it saw. */
final class Vigil {

    private final Screen screen;
    private final Integer seconds;
    private final CompletableFuture<Optional<ServiceException>> ended = new CompletableFuture<>();
    private AutoCloseable watch;
    private long seen;
    private boolean said;
    private boolean over;

    Vigil(Screen screen, Integer seconds) throws Trouble {
        if (seconds != null && seconds < 1) {
            throw Trouble.usage("--duration " + seconds + " must be 1 second or more");
        }
        this.screen = screen;
        this.seconds = seconds;
    }

    void keep(AutoCloseable given) {
        watch = given;
    }

    /** @param greeting said once */
    synchronized void listening(String greeting) {
        if (!said && !greeting.isEmpty()) {
            screen.tell(greeting);
        }
        said = true;
    }

    /** Whole, also when the end comes in between. */
    synchronized void print(String event) {
        if (!over) {
            screen.say(event);
            seen++;
        }
    }

    void ended(Optional<ServiceException> why) {
        ended.complete(why);
    }

    int end(boolean quiet) throws Exception {
        Thread goodbye = new Thread(() -> close(quiet), "pantograph-goodbye");
        Runtime.getRuntime().addShutdownHook(goodbye);
        try {
            Optional<ServiceException> why = seconds == null ? ended.get() : ended.get(seconds, TimeUnit.SECONDS);
            if (why.isPresent()) {
                throw why.get();
            }
        } catch (TimeoutException e) {
            // as was wanted
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            watch.close();
            Runtime.getRuntime().removeShutdownHook(goodbye);
        }
        close(quiet);
        return 0;
    }

    private synchronized void close(boolean quiet) {
        if (!over && !quiet) {
            screen.tell("Monitoring ended, " + seen + (seen == 1 ? " event." : " events."));
        }
        over = true;
        screen.out().flush();
    }
}
