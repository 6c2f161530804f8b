package io.pantograph.codec.json;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import org.osgi.service.component.annotations.Component;

/**
 * The format {@code json}: the whole document is the data, be it an object, an array or a single value. It knows no time: on
 * the way out the content's time is left away, on the way in there is none.
 *
 * <p>{@link Bytes} in content become a text in base64, see {@link JsonWriter}; what is refused stands at {@link JsonReader}.
 */
@Component
@CodecFormat(format = "json")
public final class JsonCodec implements Codec {

    @Override
    public Bytes encode(Content content) throws CodecException {
        return JsonWriter.write(content.data());
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        return Content.of(JsonReader.read(bytes));
    }
}
