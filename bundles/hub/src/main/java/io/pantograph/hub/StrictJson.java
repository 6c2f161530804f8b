package io.pantograph.hub;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;

/** JSON for the rooms of the hub. */
final class StrictJson implements Json {

    @Override
    public Bytes write(Object data) {
        try {
            return JsonWriter.write(data);
        } catch (CodecException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public Object read(Bytes text) throws CodecException {
        return JsonReader.readBatch(text);
    }
}
