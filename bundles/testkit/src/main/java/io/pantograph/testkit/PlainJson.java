package io.pantograph.testkit;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;

/**
 * The hub's JSON without the hub: by two functions, since the test kit knows no JSON itself.
 *
 * <pre>{@code
 * Json json = new PlainJson(JsonWriter::write, JsonReader::readBatch);
 * }</pre>
 */
public record PlainJson(Writer writer, Reader reader) implements Json {

    @FunctionalInterface
    public interface Writer {
        Bytes write(Object data) throws CodecException;
    }

    @FunctionalInterface
    public interface Reader {
        Object read(Bytes text) throws CodecException;
    }

    @Override
    public Bytes write(Object data) {
        try {
            return writer.write(data);
        } catch (CodecException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public Object read(Bytes text) throws CodecException {
        return reader.read(text);
    }

    /** Reads what a test says, with ' for ", so that it can be read in Java. */
    public Object data(String text) {
        try {
            return reader.read(Bytes.utf8(text.replace('\'', '"')));
        } catch (CodecException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
