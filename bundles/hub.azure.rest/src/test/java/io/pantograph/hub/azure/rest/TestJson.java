package io.pantograph.hub.azure.rest;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;

/** JSON as the hub's own service reads and writes it. */
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

    /** For tests: single quotes are written for double ones. */
    static Values values(String text) {
        return (Values) data(text);
    }

    static Object data(String text) {
        try {
            return JsonReader.readBatch(Bytes.utf8(text.replace('\'', '"')));
        } catch (CodecException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static String text(Object data) {
        return new TestJson().write(data).text().replace('"', '\'');
    }
}
