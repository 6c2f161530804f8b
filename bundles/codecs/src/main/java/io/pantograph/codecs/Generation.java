package io.pantograph.codecs;

/**
 * What a route knows at one moment; a change is a new one. Callers read it once for each try, so they never see half of a change.
 * What a later way of exchanging codecs needs beside the present one, such as a previous one to fall back on, belongs in here, not beside it.
 *
 * @param current null if there is no codec
 * @param vacant since when there is none, by {@link System#nanoTime}; of no meaning if there is one
 * @param known whether there ever was one
 * @param reason why there is none though there could be one, so that nobody need wait: one sentence, or empty
 */
record Generation(Slot current, long vacant, boolean known, String reason) {

    static final Generation UNKNOWN = new Generation(null, 0, false, "");

    static Generation of(Slot slot) {
        return new Generation(slot, 0, true, "");
    }

    static Generation vacantSince(long nanos, String reason) {
        return new Generation(null, nanos, true, reason);
    }
}
