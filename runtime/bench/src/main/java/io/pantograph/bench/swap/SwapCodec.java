package io.pantograph.bench.swap;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;

/** As little work as a codec can have and still be proven: {@code n=7}. It goes into jars of its own, see {@link SwapJars}. */
public final class SwapCodec implements Codec {

    @Override
    public Bytes encode(Content content) throws CodecException {
        try {
            return Bytes.utf8("n=" + content.values().integer("n"));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CodecException("this format carries {\"n\": a whole number}", e);
        }
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        try {
            String text = bytes.text();
            if (text.startsWith("n=") && text.equals("n=" + Long.parseLong(text.substring(2)))) {
                return Content.of(Values.of("n", Long.parseLong(text.substring(2))));
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CodecException("expected n= and a whole number", e);
        }
        throw new CodecException("expected n= and a whole number");
    }
}
