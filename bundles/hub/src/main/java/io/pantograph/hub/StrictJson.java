package io.pantograph.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** JSON by Jackson, with the limits the contract names. Jackson is met here and nowhere else in this bundle. */
@Component
public final class StrictJson implements Json {

    static final int MAX_BYTES = 512 * 1024;

    private final JsonFactory factory = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(64)
                    .maxStringLength(131_072)
                    .maxNameLength(256)
                    .maxDocumentLength(MAX_BYTES)
                    .maxTokenCount(20_000)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @Override
    public Bytes write(Object data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = factory.createGenerator(out)) {
            write(generator, data);
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory cannot fail", e);
        }
        return Bytes.wrap(out.toByteArray());
    }

    private static void write(JsonGenerator out, Object data) throws IOException {
        if (data == null) {
            out.writeNull();
        } else if (data instanceof String text) {
            out.writeString(text);
        } else if (data instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (data instanceof Number number) {
            write(out, number);
        } else if (data instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                write(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (data instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (data instanceof Bytes bytes) {
            out.writeBinary(bytes.shared());
        } else {
            throw new IllegalArgumentException("JSON cannot say a " + data.getClass().getName());
        }
    }

    private static void write(JsonGenerator out, Number number) throws IOException {
        if (number instanceof Double || number instanceof Float) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException("JSON cannot say the number " + number);
            }
            out.writeNumber(number.doubleValue());
        } else if (number instanceof BigDecimal decimal) {
            out.writeNumber(decimal);
        } else if (number instanceof BigInteger integer) {
            out.writeNumber(integer);
        } else {
            out.writeNumber(number.longValue());
        }
    }

    @Override
    public Object read(Bytes text) throws CodecException {
        if (text.length() > MAX_BYTES) {
            throw new CodecException("the document has " + text.length() + " bytes, more than " + MAX_BYTES);
        }
        String document = utf8(text.buffer());
        try (JsonParser parser = factory.createParser(document)) {
            if (parser.nextToken() == null) {
                throw new CodecException("the document is empty");
            }
            Object data = read(parser);
            if (parser.nextToken() != null) {
                throw new CodecException("something follows the document" + where(parser));
            }
            return data;
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? ""
                    : " at line " + e.getLocation().getLineNr() + " column " + e.getLocation().getColumnNr();
            throw new CodecException(e.getOriginalMessage().lines().findFirst().orElse("not JSON") + where, e);
        } catch (IOException e) {
            throw new CodecException("not JSON: " + e.getMessage(), e);
        }
    }

    // Jackson takes overlong forms, guesses UTF-16 from a byte order mark and passes U+0000 on, so the text is checked before it.
    private static String utf8(ByteBuffer bytes) throws CodecException {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes);
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new CodecException("the document is not UTF-8", e);
        }
    }

    private static Object read(JsonParser parser) throws IOException, CodecException {
        switch (parser.currentToken()) {
            case VALUE_NULL:
                return null;
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            case VALUE_STRING:
                return checked(parser.getText(), parser);
            case VALUE_NUMBER_INT:
                return parser.getNumberValue();
            case VALUE_NUMBER_FLOAT:
                double number = parser.getDoubleValue();
                if (!Double.isFinite(number)) {
                    throw new CodecException("the number is too large" + where(parser));
                }
                return number;
            case START_ARRAY:
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(parser));
                }
                return Content.list(items);
            case START_OBJECT:
                Values.Builder values = Values.builder();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = checked(parser.currentName(), parser);
                    parser.nextToken();
                    values.put(name, read(parser));
                }
                return values.build();
            default:
                throw new CodecException("unexpected " + parser.currentToken() + where(parser));
        }
    }

    private static String checked(String text, JsonParser parser) throws CodecException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new CodecException("the text holds U+0000" + where(parser));
            }
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new CodecException("the text holds half a surrogate pair" + where(parser));
                }
                i++;
            }
        }
        return text;
    }

    private static String where(JsonParser parser) {
        return " at line " + parser.currentLocation().getLineNr() + " column " + parser.currentLocation().getColumnNr();
    }
}
