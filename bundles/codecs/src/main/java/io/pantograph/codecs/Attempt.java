package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.codecs.CodecFault.Kind;

/** One call of a codec on the present thread, with all that may come of it brought down to an answer and two exceptions. */
final class Attempt {

    /** A message this many times as large as what it was made of is not to be blamed on what it was made of. */
    private static final int GROWTH = 64;

    private Attempt() {
    }

    /**
     * @param most bytes of an answer
     * @throws CodecException that the codec itself threw: it has its reasons
     */
    static <I, O> O once(Step<I, O> step, Codec codec, I input, int most) throws CodecException, CodecFault {
        O output;
        try {
            output = step.apply(codec, input);
        } catch (CodecException e) {
            throw e;
        } catch (Throwable e) { // errors too: a stack or a heap that was too small for this codec is large enough for the next
            throw new CodecFault(e);
        }
        if (output == null) {
            throw new CodecFault(Kind.NOTHING, "returned null");
        }
        if (output instanceof Bytes bytes && bytes.length() > most) {
            tooLarge(input, bytes.length(), most);
        }
        return output;
    }

    private static void tooLarge(Object input, int length, int most) throws CodecException, CodecFault {
        String made = "made " + length + " bytes of one message";
        if (explains(input, length)) {
            throw new CodecException("the codec " + made + ", at most " + most + " are taken; send less in one message");
        }
        throw new CodecFault(Kind.TOO_LARGE, made + ", at most " + most + " are taken");
    }

    /** Whether the message itself is so large that a codec may well need so many bytes for it. */
    static boolean explains(Object input, long bytes) {
        int enough = (int) Math.min(bytes / GROWTH, Integer.MAX_VALUE / 2);
        return Weight.of(input, enough) >= enough;
    }
}
