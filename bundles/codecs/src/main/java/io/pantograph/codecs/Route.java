package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.SortedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The way to the codec of one format. On it are one volatile read and a lease; all else is for the moments of change. */
final class Route implements CodecRoute {

    private final String format;
    private final Formats formats;
    private final Patience patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Generation generation = Generation.UNKNOWN;

    Route(String format, Formats formats, Patience patience) {
        this.format = format;
        this.formats = formats;
        this.patience = patience;
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public boolean ready() {
        return generation.current() != null;
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        return call(Step.ENCODE, content);
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        return call(Step.DECODE, bytes);
    }

    private <I, O> O call(Step<I, O> step, I input) throws CodecException {
        while (true) {
            Slot slot = generation.current();
            if (slot == null) {
                await();
                continue;
            }
            if (slot.enter() < 0) {
                continue; // closed, so the route has turned elsewhere before
            }
            try {
                return slot.ward.call(step, input);
            } catch (CodecFault e) {
                // A codec whose bundle is half gone throws anything; the message is still whole, so the next one may have it.
                if (!slot.closed()) {
                    slot.failed();
                    throw new CodecException("the codec for '" + format + "' (" + slot.origin + ") " + e.getMessage(), e.getCause());
                }
            } finally {
                slot.leave();
            }
        }
    }

    /** Returns when there is a codec; throws if it is not to be waited for, or not any longer. */
    private void await() throws NoCodecException {
        lock.lock();
        try {
            for (Generation now = generation; now.current() == null; now = generation) {
                if (!now.reason().isEmpty()) {
                    throw new NoCodecException(now.reason());
                }
                long left = now.known() ? patience.left(now.vacant()) : 0;
                if (left <= 0) {
                    throw none(now.known());
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw none(generation.known());
        } finally {
            lock.unlock();
        }
    }

    private NoCodecException none(boolean known) {
        SortedSet<String> present = formats.present();
        return known ? new NoCodecException("no codec for format '" + format + "'; installed are "
                + (present.isEmpty() ? "none" : String.join(", ", present)) + "; there was one, which may be back")
                : new NoCodecException(format, present);
    }

    /** From now on, between two messages, this slot; null for none, then with the reason if that is not because it left. */
    void turnTo(Slot slot, String reason) {
        lock.lock();
        try {
            Generation before = generation;
            if (slot != null) {
                generation = Generation.of(slot);
            } else if (before.current() != null || !before.reason().equals(reason)) {
                generation = Generation.vacantSince(patience.now(), reason);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
