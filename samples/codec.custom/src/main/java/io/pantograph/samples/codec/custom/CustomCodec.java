package io.pantograph.samples.codec.custom;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import org.osgi.service.component.annotations.Component;

/** {@code {"hello": "world", "x": 10}} is {@code world,10} on the wire: the example of Watson's own manual for a custom format. */
@Component
@CodecFormat(format = "custom")
public final class CustomCodec implements Codec {

    @Override
    public Bytes encode(Content content) throws CodecException {
        try {
            String hello = content.values().text("hello");
            if (hello.indexOf(',') >= 0) {
                throw new CodecException("'hello' must not hold a comma, which is what parts it from x");
            }
            return Bytes.utf8(hello + ',' + content.values().integer("x"));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CodecException("custom carries {\"hello\": a text, \"x\": a whole number}: " + e.getMessage(), e);
        }
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        String text = bytes.text();
        int comma = text.indexOf(',');
        if (comma < 0 || comma != text.lastIndexOf(',')) {
            throw new CodecException("expected a text, one comma and a whole number");
        }
        try {
            return Content.of(Values.of("hello", text.substring(0, comma), "x", Long.parseLong(text.substring(comma + 1))));
        } catch (NumberFormatException e) {
            throw new CodecException("expected a whole number after the comma");
        }
    }
}
