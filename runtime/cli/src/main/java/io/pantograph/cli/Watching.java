package io.pantograph.cli;

import io.pantograph.api.model.Values;
import io.pantograph.shell.Course;
import io.pantograph.shell.Tables;
import java.time.Duration;
import java.util.List;

/** Looks at a deployment until its end. */
final class Watching {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final GateOrder order;
    private final Gate gate;
    private boolean over;

    Watching(GateOrder order, Gate gate) {
        this.order = order;
        this.gate = gate;
    }

    /** @return the exit code */
    int end(Values begun, boolean waits) throws Exception {
        String id = begun.text("id");
        Values last = waits && !Course.isEnd(begun) ? watched(id, begun) : begun;
        boolean refused = Course.isEnd(last) && !Course.isGood(last);
        if (order.json()) {
            order.show(last);
        } else if (refused) {
            order.tell(Tables.verdict(last));
        } else {
            order.say(Tables.verdict(last));
            if (!Course.isEnd(last)) {
                order.screen().tell("See how it goes: " + order.again(id));
            }
        }
        return refused ? Trouble.REFUSED : 0;
    }

    private Values watched(String id, Values begun) throws Exception {
        Thread goodbye = new Thread(() -> leave(id), "pantograph-goodbye");
        Runtime.getRuntime().addShutdownHook(goodbye);
        try {
            Course course = new Course();
            tell(course.news(begun));
            Values now = begun;
            while (!Course.isEnd(now)) {
                now = gate.next(id, now.text("state"), LOOK);
                tell(course.news(now));
            }
            return now;
        } catch (Trouble e) {
            throw new Trouble(e.code(), e.getMessage() + " (" + id + " was begun; see how it goes with: " + order.again(id) + ')');
        } finally {
            stay(goodbye);
        }
    }

    private synchronized void tell(List<String> news) {
        if (!over && !order.json()) {
            order.tell(news);
        }
    }

    private synchronized void leave(String id) {
        if (!over) {
            over = true;
            order.screen().tell("Watching ended; " + id + " goes on. See how it goes: " + order.again(id));
        }
    }

    private void stay(Thread goodbye) {
        try {
            Runtime.getRuntime().removeShutdownHook(goodbye);
        } catch (IllegalStateException e) {
            // Ctrl-C was pressed, and it runs.
        }
    }
}
