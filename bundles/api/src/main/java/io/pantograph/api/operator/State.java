package io.pantograph.api.operator;

import java.util.Locale;

/** How far a deployment, or one bundle of it, has come. */
public enum State {
    /** Its jars are being fetched or looked into; nothing is touched. */
    STAGED(false),
    /** Looked into, tried on its vectors and on real messages, and found good; it serves nobody yet. */
    VERIFIED(false),
    /** It gets copies of live messages; what it makes of them is compared and thrown away. */
    SHADOW(false),
    /** It serves, some or all, and what was there before stands by: a message that fails goes whole to that one. */
    PROBATION(false),
    /** It has done what was asked of it. What was there before is gone from the framework, and kept as a jar. */
    PROVEN(true),
    /** It was taken out, as was asked. */
    REMOVED(true),
    /** Not taken; it never served. */
    REFUSED(true),
    /** It served, or might have, and what was there before is back. */
    ROLLED_BACK(true);

    private final boolean end;

    State(boolean end) {
        this.end = end;
    }

    /** Whether nothing comes after it. */
    public boolean isEnd() {
        return end;
    }

    /** As documents and screens have it: {@code rolled back}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
