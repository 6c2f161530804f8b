package io.pantograph.testkit;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keeps account of numbered messages, 0, 1, 2 and so on: which were promised, which arrived, which twice, which out of order.
 * For one sender; safe for many threads.
 */
public final class Ledger {

    private final BitSet promised = new BitSet();
    private final BitSet received = new BitSet();
    private int last = -1;
    private int different;
    private long arrivals;
    private long duplicated;
    private long outOfOrder;

    /** It was reported delivered, so from now on it must not be missing. */
    public synchronized void promised(int number) {
        promised.set(number);
    }

    /** It arrived at the other end. */
    public synchronized void received(int number) {
        arrivals++;
        if (received.get(number)) {
            duplicated++;
            return;
        }
        received.set(number);
        different++;
        if (number < last) {
            outOfOrder++;
        }
        last = Math.max(last, number);
    }

    public synchronized int promised() {
        return promised.cardinality();
    }

    /** How many different ones arrived. */
    public synchronized int received() {
        return different;
    }

    /** Every arrival, repeats too. */
    public synchronized long arrivals() {
        return arrivals;
    }

    /** Promised but never seen. */
    public synchronized int lost() {
        return missing().cardinality();
    }

    /** Arrivals of what had arrived before. */
    public synchronized long duplicated() {
        return duplicated;
    }

    /** First arrivals behind a younger one. */
    public synchronized long outOfOrder() {
        return outOfOrder;
    }

    private BitSet missing() {
        BitSet missing = (BitSet) promised.clone();
        missing.andNot(received);
        return missing;
    }

    /** The whole account, with the first missing numbers: for the message of an assertion. */
    @Override
    public synchronized String toString() {
        BitSet missing = missing();
        List<Integer> first = IntStream.range(0, missing.length()).filter(missing::get).limit(10).boxed().toList();
        return promised() + " promised, " + received() + " received, " + lost() + " lost " + first + ", " + duplicated
                + " duplicated, " + outOfOrder + " out of order";
    }
}
