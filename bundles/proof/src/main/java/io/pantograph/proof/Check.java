package io.pantograph.proof;

/** What is checked, in this order. */
public enum Check {
    /** Each vector is read and written as it says. */
    VECTORS,
    /** What was written is read back as the same; what is written after reading stays the same from then on. */
    ROUND_TRIP,
    /** Real messages of the past come out as they did. */
    SAMPLES,
    /** Nonsense is refused with a CodecException, or read, but does nothing worse. */
    HOSTILE,
    /** Large and deeply nested input takes no undue time, and makes nothing of undue size. */
    BOUNDS,
    /** The same input gives the same again, whatever came between, and the input is left as it is. */
    STATELESS,
    /** The same for many threads at once. */
    THREADS
}
