package io.pantograph.transport.paho;

import io.pantograph.api.transport.TransportException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What was sent on a line and has no answer yet. Paho forgets to tell of QoS 0 messages that a lost connection still had in hand,
 * so we keep count ourselves; cheaply, since answers come nearly in order: what has its answer leaves when all before it have.
 */
final class UnderWay {

    private final Queue<Pending> pending = new ConcurrentLinkedQueue<>();

    void add(Pending one) {
        pending.add(one);
    }

    /** Something got its answer. */
    void sweep() {
        for (Pending head = pending.peek(); head != null && head.isDone(); head = pending.peek()) {
            pending.remove(head); // not poll(): another thread may have been quicker
        }
    }

    void failAll(TransportException why) {
        for (Pending one = pending.poll(); one != null; one = pending.poll()) {
            one.completeExceptionally(why);
        }
    }
}
