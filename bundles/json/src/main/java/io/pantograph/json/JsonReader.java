package io.pantograph.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one JSON document into plain data in one pass.
 *
 * <p>Numbers without fraction and exponent become Integer, Long or BigInteger, whichever holds them; all others Double. Refused,
 * besides what is no JSON: what is not strictly UTF-8, a byte order mark, U+0000 and lone surrogates in texts, numbers that no
 * double can hold, a second document behind the first, and what is beyond these limits: 262,144 bytes, 64 levels, 20,000 tokens,
 * texts of 131,072 characters, names of 256, numbers of 64.
 *
 * <p>What is thrown tells the place and what is wrong there, never what stands there: it may be secret.
 */
public final class JsonReader {

    static final int MAX_DOCUMENT = 262_144;
    static final int MAX_DEPTH = 64;
    static final int MAX_TOKENS = 20_000;
    static final int MAX_TEXT = 131_072;
    static final int MAX_NAME = 256;
    static final int MAX_NUMBER = 64;

    private static final int MAX_BATCH = 524_288;
    private static final int MAX_BATCH_TOKENS = 200_000;

    /** In bytes, of what {@link #readAnswer} reads. */
    public static final int MAX_ANSWER = 33_554_432;
    private static final int MAX_ANSWER_TOKENS = 4_000_000;
    private static final int MAX_ANSWER_TEXT = 1_048_576;
    private static final int MAX_ANSWER_NAME = 1_024;

    private static final JsonFactory FACTORY = factory(MAX_DOCUMENT, MAX_TOKENS, MAX_TEXT, MAX_NAME);
    private static final JsonFactory BATCHES = factory(MAX_BATCH, MAX_BATCH_TOKENS, MAX_TEXT, MAX_NAME);
    private static final JsonFactory ANSWERS = factory(MAX_ANSWER, MAX_ANSWER_TOKENS, MAX_ANSWER_TEXT, MAX_ANSWER_NAME);

    private static JsonFactory factory(int bytes, int tokens, int text, int name) {
        return new JsonFactoryBuilder()
                // What are names of members is for the sender to choose, so none of them may stay in the memory of the JVM.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // JSON is UTF-8; guessing makes a text mean different things to different readers.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(bytes)
                        .maxNestingDepth(MAX_DEPTH)
                        .maxTokenCount(tokens)
                        .maxStringLength(text)
                        .maxNameLength(name)
                        .maxNumberLength(MAX_NUMBER)
                        .build())
                .build();
    }

    /** What is at the root of the document; called with the parser at its first token, returns with it at the last. */
    @FunctionalInterface
    public interface Root<T> {
        T read(JsonReader in) throws IOException, CodecException;
    }

    private final JsonParser parser;
    private final boolean escapes;

    private JsonReader(JsonParser parser, boolean escapes) {
        this.parser = parser;
        this.escapes = escapes;
    }

    /** The document as plain data, ready for {@link Content}. A name that comes twice in one object is refused. */
    public static Object read(Bytes document) throws CodecException {
        return read(document, JsonReader::value);
    }

    /** As {@link #read(Bytes)}, for many things in one document: up to 524,288 bytes and 200,000 tokens. */
    public static Object readBatch(Bytes document) throws CodecException {
        return read(document, JsonReader::value, BATCHES, MAX_BATCH);
    }

    /**
     * As {@link #read(Bytes)}, for a service's answer to a client that asked for it: up to 32 MiB and 4,000,000 tokens, texts of
     * 1,048,576 characters, names of 1,024.
     */
    public static Object readAnswer(Bytes document) throws CodecException {
        return read(document, JsonReader::value, ANSWERS, MAX_ANSWER);
    }

    /** The document, its outermost level read by the caller. */
    public static <T> T read(Bytes document, Root<T> root) throws CodecException {
        return read(document, root, FACTORY, MAX_DOCUMENT);
    }

    private static <T> T read(Bytes document, Root<T> root, JsonFactory factory, int most) throws CodecException {
        byte[] text = document.shared();
        if (text.length > most) {
            throw new CodecException("a JSON document has at most " + most + " bytes, this one has " + text.length);
        }
        if (text.length > 0 && text[0] == (byte) 0xef) {
            throw new CodecException("expected JSON at byte 0; a byte order mark or another character stands there");
        }
        boolean escapes = Utf8.escapes(text);
        try (JsonParser parser = factory.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new CodecException("expected a JSON document, got none");
            }
            T read = root.read(new JsonReader(parser, escapes));
            if (parser.nextToken() != null) {
                throw new CodecException("expected the end after the JSON document, but something stands" + place(parser));
            }
            return read;
        } catch (JsonEOFException e) {
            throw new CodecException("the JSON document ends too early");
        } catch (StreamConstraintsException e) {
            throw new CodecException("the JSON document is larger than allowed: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            // Its message, and that of a cause, quotes the document.
            long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw new CodecException("no JSON" + (offset < 0 ? "" : " at about byte " + offset));
        } catch (IOException e) {
            throw new CodecException("no JSON", e);
        }
    }

    /** The parser, for readers of the outermost level. */
    public JsonParser parser() {
        return parser;
    }

    /** The value that begins with the present token. */
    public Object value() throws IOException, CodecException {
        return value(parser.currentToken(), true);
    }

    /** As {@link #value()}, but of two members with the same name the last one counts. */
    public Object lastWins() throws IOException, CodecException {
        return value(parser.currentToken(), false);
    }

    private Object value(JsonToken token, boolean unique) throws IOException, CodecException {
        switch (token) {
            case START_OBJECT:
                return object(unique);
            case START_ARRAY:
                return list(unique);
            case VALUE_STRING:
                return checked(parser.getText());
            case VALUE_NUMBER_INT:
                return parser.getNumberValue();
            case VALUE_NUMBER_FLOAT:
                double number = parser.getDoubleValue();
                if (!Double.isFinite(number)) {
                    throw new CodecException("the number is too large for a double" + place(parser));
                }
                return number;
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            case VALUE_NULL:
                return null;
            default:
                throw new CodecException("expected a value" + place(parser));
        }
    }

    private Values object(boolean unique) throws IOException, CodecException {
        Values.Builder values = Values.builder();
        String name;
        while ((name = parser.nextFieldName()) != null) {
            checked(name);
            Object value = value(parser.nextToken(), unique);
            if (!values.putNew(name, value)) {
                if (unique) {
                    throw new CodecException("a name comes twice in one object" + place(parser));
                }
                values.put(name, value);
            }
        }
        return values.build();
    }

    private List<?> list(boolean unique) throws IOException, CodecException {
        List<Object> entries = new ArrayList<>();
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            entries.add(value(token, unique));
        }
        return Content.list(entries);
    }

    /** The name or text itself, if no escape in it made something that is no text. */
    public String checked(String text) throws CodecException {
        if (escapes) {
            Texts.check(text, parser);
        }
        return text;
    }

    static String place(JsonParser parser) {
        long offset = parser.currentTokenLocation().getByteOffset();
        return offset < 0 ? "" : " at byte " + offset;
    }
}
