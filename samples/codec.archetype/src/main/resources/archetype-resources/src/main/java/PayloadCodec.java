package ${package};

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import org.osgi.service.component.annotations.Component;

/** The format {@code ${format}}: {@code {"hello": "world", "x": 10}} is {@code world,10} on the wire. */
@Component
@CodecFormat(format = "${format}")
public final class PayloadCodec implements Codec {

    @Override
    public Bytes encode(Content content) throws CodecException {
        try {
            String hello = content.values().text("hello");
            if (hello.indexOf(',') >= 0) {
                throw new CodecException("'hello' must not hold a comma, which is what parts it from x");
            }
            return Bytes.utf8(hello + ',' + content.values().integer("x"));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CodecException("expected {\"hello\": a text, \"x\": a whole number}: " + e.getMessage(), e);
        }
    }

    // The bytes come from outside: any length, any content.
    @Override
    public Content decode(Bytes bytes) throws CodecException {
        String[] parts = bytes.text().split(",", -1);
        if (parts.length != 2) {
            throw new CodecException("expected a text, one comma and a whole number");
        }
        try {
            return Content.of(Values.of("hello", parts[0], "x", Long.parseLong(parts[1])));
        } catch (NumberFormatException e) {
            throw new CodecException("expected a whole number after the comma");
        }
    }
}
