package io.pantograph.codecs;

import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;

/**
 * Some of the last real messages of one direction of a format, to try a new codec on: all as long as there is room, then one in 64. No lock;
 * two threads may both think that there is room, then some more are kept for a moment.
 */
final class Samples<I, O> {

    static final int MOST = 64;
    static final int HEAVIEST = 16 * 1024;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** @param order among those of both directions */
    record Kept(long order, Recent message) {
    }

    private final AtomicLong order;
    private final BiFunction<I, O, Recent> noted;
    private final AtomicInteger next = new AtomicInteger();
    private volatile AtomicReferenceArray<Kept> kept; // not before there is one: names of formats come from outside
    private boolean full;

    Samples(AtomicLong order, BiFunction<I, O, Recent> noted) {
        this.order = order;
        this.noted = noted;
    }

    /**
     * Whether this message is to be kept. Scattered: every 64th would always be of the same device where 64 take turns.
     *
     * @param call its number
     */
    boolean wants(long call) {
        return !full || call * GOLDEN >>> 58 == 0;
    }

    /** @param made null if it failed */
    void keep(I input, O made) {
        // Of the two the bytes are weighed, which are what is kept small in the end and cost nothing to weigh.
        if (Weight.of(made instanceof Bytes ? made : input, HEAVIEST) > HEAVIEST) {
            return;
        }
        AtomicReferenceArray<Kept> here = kept;
        if (here == null) {
            synchronized (this) {
                here = kept;
                if (here == null) {
                    here = new AtomicReferenceArray<>(MOST);
                    kept = here;
                }
            }
        }
        int number = next.getAndIncrement();
        here.set(Math.floorMod(number, MOST), new Kept(order.getAndIncrement(), noted.apply(input, made)));
        if (number >= MOST - 1) {
            full = true;
        }
    }

    void copyTo(List<Kept> all) {
        AtomicReferenceArray<Kept> here = kept;
        for (int i = 0; here != null && i < MOST; i++) {
            Kept one = here.get(i);
            if (one != null) {
                all.add(one);
            }
        }
    }
}
