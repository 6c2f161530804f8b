package io.pantograph.codecs;

/**
 * The codec misbehaved: that says something about the codec, where a {@link io.pantograph.api.codec.CodecException} says something about
 * the message. The message tells what it did, to be put after the codec's name: {@code returned null}. Never with the text of what a
 * stranger's code threw, since nobody knows what it quotes; that is in the cause.
 */
final class CodecFault extends Exception {

    private static final long serialVersionUID = 1;

    CodecFault(String did) {
        super(did);
    }

    CodecFault(Throwable thrown) {
        super("threw " + thrown.getClass().getName(), thrown);
    }
}
