package io.pantograph.codecs;

import java.util.Set;

/**
 * How far the codecs of one bundle are that somebody tries out, all its formats together. Written under the lock of {@link Formats} only.
 */
final class Standing {

    enum Phase {
        /** They serve nobody. */
        HELD,
        /** They get copies. */
        SHADOW,
        /** They serve. */
        SERVING,
        /** They are chosen before those that were here at that moment. */
        SETTLED,
        /** They serve nobody, for ever. */
        WITHDRAWN
    }

    final long bundle;
    volatile Phase phase = Phase.HELD;
    Shadow shadow;
    volatile Probation probation;
    Set<Long> beaten = Set.of();
    private volatile Examination shown;
    private volatile Examination examination;

    Standing(long bundle) {
        this.bundle = bundle;
    }

    void shadow(Shadow tryout, Examination examined) {
        shadow = tryout;
        examination = examined;
        phase = Phase.SHADOW;
    }

    void serve(Probation tryout, Examination examined) {
        if (examination != null) {
            examination.end();
        }
        shown = examination;
        probation = tryout;
        examination = examined;
        phase = Phase.SERVING;
    }

    void end(Phase last) {
        if (examination != null) {
            examination.end();
        }
        phase = last;
    }

    /** What is under way, or was last; null if nothing was. */
    Examination examination() {
        return examination;
    }

    /** What it has shown on shadow before it served; null if it was not there. */
    Examination shown() {
        return shown;
    }

    boolean onTrial() {
        return phase == Phase.SHADOW || phase == Phase.SERVING;
    }
}
