package io.pantograph.trials.both;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.util.Map;

/** The codec of a bundle that has handlers too. One whose component's description says that it wears out does so when the test says when. */
public final class BothCodec implements Codec {

    /** A system property: whether it is worn. */
    public static final String WORN = "trials.both.worn";

    private volatile boolean wears;

    public void activate(Map<String, Object> properties) {
        wears = Boolean.parseBoolean(String.valueOf(properties.get("wears")));
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        if (wears && Boolean.getBoolean(WORN)) {
            throw new IllegalStateException("worn out");
        }
        try {
            return Bytes.utf8("n=" + content.values().integer("n"));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CodecException("it carries {\"n\": a whole number}", e);
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
