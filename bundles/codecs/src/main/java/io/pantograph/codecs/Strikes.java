package io.pantograph.codecs;

import java.util.BitSet;

/**
 * How often a codec failed of late. Good calls are counted only as long as one of the last ones was bad, so that a codec that does well
 * costs its callers one read.
 */
final class Strikes {

    static final int IN_A_ROW = 20;
    static final int WINDOW = 200;
    static final int OF_WINDOW = WINDOW / 2;

    private final BitSet bad = new BitSet(WINDOW);
    private int next;
    private int badOnes;
    private int row;
    private volatile boolean calm = true;

    /** Whether none of the last {@value #WINDOW} calls was bad. */
    boolean calm() {
        return calm;
    }

    void well() {
        if (!calm) {
            good();
        }
    }

    private synchronized void good() {
        row = 0;
        note(false);
        if (badOnes == 0) {
            clear();
        }
    }

    /** @return whether it is enough now */
    synchronized boolean strike() {
        calm = false;
        row++;
        note(true);
        return row >= IN_A_ROW || badOnes >= OF_WINDOW;
    }

    private void note(boolean strike) {
        if (bad.get(next)) {
            badOnes--;
        }
        if (strike) {
            badOnes++;
        }
        bad.set(next, strike);
        next = (next + 1) % WINDOW;
    }

    /** Of the last calls, one after the other. */
    synchronized int inARow() {
        return row;
    }

    /** What it was that was enough, to be put after what it did. */
    @Override
    public synchronized String toString() {
        return row >= IN_A_ROW ? " " + row + " times in a row" : ", and failed in " + badOnes + " of its last " + WINDOW + " calls";
    }

    /** All is forgiven. */
    synchronized void clear() {
        bad.clear();
        next = 0;
        badOnes = 0;
        row = 0;
        calm = true;
    }
}
