package io.pantograph.codecs;

/**
 * What a route knows at one moment; a change is a new one. Callers read it once for each try, so they never see half of a change:
 * with two fields in its place a message that failed in one codec once in millions found the other one already gone.
 *
 * @param current null if there is no codec
 * @param beside the other one of a trial: on probation the codec that stands by, null if there is none; on shadow the one that gets copies
 * @param tryout null unless a codec is on trial
 * @param vacant since when there is no codec, by {@link System#nanoTime}; of no meaning if there is one
 * @param known whether there ever was one
 * @param reason why there is none though there could be one, so that nobody need wait: one sentence, or empty
 */
record Generation(Slot current, Slot beside, Tryout tryout, long vacant, boolean known, String reason) {

    static final Generation UNKNOWN = new Generation(null, null, null, 0, false, "");

    static Generation of(Slot slot) {
        return new Generation(slot, null, null, 0, true, "");
    }

    static Generation trying(Slot current, Slot beside, Tryout tryout) {
        return new Generation(current, beside, tryout, 0, true, "");
    }

    static Generation vacantSince(long nanos, String reason) {
        return new Generation(null, null, null, nanos, true, reason);
    }

    boolean has(Slot slot) {
        return current == slot || beside == slot;
    }
}
