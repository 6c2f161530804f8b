package io.pantograph.twin;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import io.pantograph.testkit.PlainCodecs;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The one format that twins need. */
final class JsonCodec implements Codec {

    private JsonCodec() {
    }

    static Codecs codecs(BooleanSupplier there) {
        return new PlainCodecs(new JsonCodec(), () -> there.getAsBoolean() ? Set.of("json") : Set.of());
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        return JsonWriter.write(content.data());
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        return Content.of(JsonReader.read(bytes));
    }
}
