package io.pantograph.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes plain data as one JSON document in UTF-8, without spaces, members in their order. {@link Bytes} become a text in base64
 * (RFC 4648, with padding), since JSON has no bytes; read back they stay a text.
 *
 * <p>Refused is what {@link JsonReader} would not take back: U+0000 and lone surrogates in texts, numbers of more than 64
 * characters or beyond the range of a double.
 */
public final class JsonWriter implements BiConsumer<String, Object> {

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    /** What stands at the root of the document. */
    @FunctionalInterface
    public interface Root {
        void write(JsonWriter out) throws IOException;
    }

    private final JsonGenerator generator;

    private JsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    /** The data as a document. */
    public static Bytes write(Object data) throws CodecException {
        return write(out -> out.value(data));
    }

    /** A document, its outermost level written by the caller. */
    public static Bytes write(Root root) throws CodecException {
        Sink sink = new Sink();
        try (JsonGenerator generator = FACTORY.createGenerator(sink)) {
            root.write(new JsonWriter(generator));
        } catch (UncheckedIOException e) {
            throw refused(e.getCause());
        } catch (IOException e) {
            throw refused(e);
        }
        byte[] text = sink.bytes;
        if (Utf8.hasBackslash(text)) {
            checkEscapes(text);
        }
        return Bytes.wrap(text);
    }

    private static CodecException refused(IOException e) {
        return e instanceof Refused ? new CodecException(e.getMessage()) : new CodecException("JSON cannot say this content", e);
    }

    /** The generator, for writers of the outermost level. */
    public JsonGenerator generator() {
        return generator;
    }

    /** Writes a value. */
    public void value(Object data) throws IOException {
        if (data instanceof String text) {
            generator.writeString(text);
        } else if (data instanceof Integer number) {
            generator.writeNumber((int) number);
        } else if (data instanceof Double number) {
            generator.writeNumber((double) number);
        } else if (data instanceof Values values) {
            generator.writeStartObject();
            values.forEach(this);
            generator.writeEndObject();
        } else if (data == null) {
            generator.writeNull();
        } else if (data instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else if (data instanceof Long number) {
            generator.writeNumber((long) number);
        } else if (data instanceof List<?> entries) {
            generator.writeStartArray();
            for (int i = 0; i < entries.size(); i++) {
                value(entries.get(i));
            }
            generator.writeEndArray();
        } else if (data instanceof Bytes bytes) {
            generator.writeBinary(bytes.shared());
        } else {
            rare(data);
        }
    }

    /** Writes a member. */
    @Override
    public void accept(String name, Object value) {
        try {
            generator.writeFieldName(name);
            value(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rare(Object data) throws IOException {
        if (data instanceof Float number) {
            generator.writeNumber((float) number);
        } else if (data instanceof BigInteger number) {
            generator.writeNumber(number(number.bitLength(), number));
        } else if (data instanceof BigDecimal number) {
            String text = number(number.unscaledValue().bitLength(), number);
            if (!Double.isFinite(number.doubleValue())) {
                throw new Refused("a number is too large for a double, which is all that most readers of JSON have");
            }
            generator.writeNumber(text);
        } else if (data instanceof Short || data instanceof Byte) {
            generator.writeNumber(((Number) data).intValue());
        } else {
            throw new Refused("JSON cannot say a " + data.getClass().getName());
        }
    }

    // The bits come first: the text of a very large number takes very long.
    private static String number(int bits, Number number) throws Refused {
        String text = bits > 4 * JsonReader.MAX_NUMBER ? null : number.toString();
        if (text == null || text.length() > JsonReader.MAX_NUMBER) {
            throw new Refused("a number has more than " + JsonReader.MAX_NUMBER + " characters");
        }
        return text;
    }

    // In what the generator has written an escape is a backslash with either one character or u and four digits. It writes
    // surrogates as escapes where it does not find the other half beside them.
    private static void checkEscapes(byte[] text) throws CodecException {
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '\\') {
                continue;
            }
            i++;
            if (text[i] == 'u') {
                int unit = unit(text, i + 1);
                i += 4;
                if (Character.isHighSurrogate((char) unit) && text.length > i + 6 && text[i + 1] == '\\' && text[i + 2] == 'u'
                        && Character.isLowSurrogate((char) unit(text, i + 3))) {
                    i += 6;
                } else if (unit == 0) {
                    throw new CodecException("a text holds the character U+0000");
                } else if (Character.isSurrogate((char) unit)) {
                    throw new CodecException("a text holds a lone surrogate");
                }
            }
        }
    }

    private static int unit(byte[] text, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            unit = unit << 4 | Character.digit(text[i], 16);
        }
        return unit;
    }

    private static final class Refused extends IOException {

        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    /** Keeps what is written; the generator hands over a small document in one piece. */
    private static final class Sink extends OutputStream {

        private byte[] bytes = new byte[0];

        @Override
        public void write(byte[] from, int offset, int length) {
            if (bytes.length == 0) {
                bytes = Arrays.copyOfRange(from, offset, offset + length);
            } else {
                int before = bytes.length;
                bytes = Arrays.copyOf(bytes, before + length);
                System.arraycopy(from, offset, bytes, before, length);
            }
        }

        @Override
        public void write(int single) {
            write(new byte[] {(byte) single}, 0, 1);
        }
    }
}
