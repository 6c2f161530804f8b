package io.pantograph.manage;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import io.pantograph.testkit.PlainCodecs;

/** The one format that device management needs. */
final class JsonCodec implements Codec {

    static Codecs codecs() {
        return new PlainCodecs(new JsonCodec(), "json");
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
