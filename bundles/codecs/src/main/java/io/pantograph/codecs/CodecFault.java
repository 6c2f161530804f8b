package io.pantograph.codecs;

/**
 * The codec misbehaved, or is not called because it did: that says something about the codec, where a
 * {@link io.pantograph.api.codec.CodecException} says something about the message. The text tells what it did, to be put after the codec's
 * name: {@code returned null}. Never with the text of what a stranger's code threw, since nobody knows what it quotes; that is in the cause.
 */
final class CodecFault extends Exception {

    private static final long serialVersionUID = 1;

    enum Kind {
        /** Anything but a CodecException. */
        THREW,
        /** Null for an answer. */
        NOTHING,
        /** An answer far larger than what was asked would explain. */
        TOO_LARGE,
        /** More memory than what was asked would explain. */
        ALLOCATED,
        /** It did not come back in time. */
        SPUN,
        /** Not called: others were inside for too long. */
        BUSY,
        /** Not called: it is in quarantine. */
        QUARANTINED,
        /** Not called: it has left. */
        GONE
    }

    private final Kind kind;

    CodecFault(Kind kind, String did) {
        super(did);
        this.kind = kind;
    }

    CodecFault(Throwable thrown) {
        super("threw " + thrown.getClass().getName(), thrown);
        kind = Kind.THREW;
    }

    Kind kind() {
        return kind;
    }

    /** Whether the message was in the codec; if not, it is as if it had never been there. */
    boolean called() {
        return kind != Kind.BUSY && !keeps();
    }

    /** Whether the message was not in the codec and is worth being kept until there is one that may be called. */
    boolean keeps() {
        return kind == Kind.QUARANTINED || kind == Kind.GONE;
    }
}
