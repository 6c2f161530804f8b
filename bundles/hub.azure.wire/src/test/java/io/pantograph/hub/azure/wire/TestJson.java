package io.pantograph.hub.azure.wire;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;

/** As the hub has it. */
final class TestJson implements Json {

    @Override
    public Bytes write(Object data) {
        try {
            return JsonWriter.write(data);
        } catch (CodecException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public Object read(Bytes text) throws CodecException {
        return JsonReader.readBatch(text);
    }
}
