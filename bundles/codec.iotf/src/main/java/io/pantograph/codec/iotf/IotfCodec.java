package io.pantograph.codec.iotf;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The format {@code json-iotf}: {@code {"d":{...},"ts":"2020-01-02T03:04:05.678900+00:00"}}, data in an envelope with the time.
 *
 * <p>Writes to the letter of the IOTF JSON payload specification: {@code d} is an object and comes first; {@code ts} is in UTC
 * with microseconds, which are left away when they are 0, and is itself left away when the content has no time.
 *
 * <p>Reads what Watson's own clients read, since that is what is out there: no {@code d} at all is {@code null}, any value in it
 * is taken, other members are ignored, {@code ts} may be any common ISO 8601 form and is in UTC unless it says otherwise. Where
 * those clients' network thread died, at a number for a root, say, this is a {@link CodecException}. When configured to be strict
 * it takes only what the specification allows.
 */
@Component(configurationPid = "io.pantograph.codec.iotf")
@CodecFormat(format = "json-iotf")
@Designate(ocd = IotfCodec.Config.class)
public final class IotfCodec implements Codec {

    @ObjectClassDefinition(name = "Format json-iotf", description = "How payloads in the Watson IoT envelope are read")
    @interface Config {
        @AttributeDefinition(name = "Strict reading",
                description = "Take only what the IOTF JSON payload specification allows: d must be there and an object, no other "
                        + "members than d and ts, ts with date, time and zone. Otherwise what Watson's own clients took is taken.")
        boolean strict() default false;
    }

    private volatile boolean strict;

    @Activate
    public IotfCodec(Config config) {
        strict = config.strict();
    }

    // Taken over in flight: a changed setting is no reason to make callers wait.
    @Modified
    void modified(Config config) {
        strict = config.strict();
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        if (!(content.data() instanceof Values values)) {
            throw new CodecException("json-iotf carries an object with named values, not "
                    + (content.data() == null ? "null" : "a " + content.data().getClass().getSimpleName())
                    + "; give it a name, as in Content.of(\"value\", 21.5)");
        }
        String stamp = content.time().isPresent() ? Stamp.write(content.time().get()) : null;
        return JsonWriter.write(out -> {
            out.generator().writeStartObject();
            out.accept("d", values);
            if (stamp != null) {
                out.generator().writeStringField("ts", stamp);
            }
            out.generator().writeEndObject();
        });
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        boolean strictly = strict;
        return JsonReader.read(bytes, in -> strictly ? strict(in) : lenient(in));
    }

    private static Content lenient(JsonReader in) throws IOException, CodecException {
        JsonParser parser = in.parser();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return bare(in.lastWins());
        }
        Object data = null;
        Instant time = null;
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken token = parser.nextToken();
            if (name.equals("d")) {
                data = in.lastWins();
            } else if (name.equals("ts")) {
                time = Stamp.lenient(text(in, token));
            } else {
                parser.skipChildren();
            }
        }
        return new Content(data, Optional.ofNullable(time));
    }

    // The original asks any root whether it holds "ts" and dies of what cannot be asked, or says yes without being an object.
    private static Content bare(Object root) throws CodecException {
        boolean array = root instanceof java.util.List<?> list && !list.contains("ts");
        boolean text = root instanceof String string && !string.contains("ts");
        if (array || text) {
            return Content.of((Object) null);
        }
        throw new CodecException("json-iotf must be an object with a member d, the document is another value");
    }

    private static Content strict(JsonReader in) throws IOException, CodecException {
        JsonParser parser = in.parser();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new CodecException("json-iotf must be an object with a member d, the document is another value");
        }
        Values data = null;
        Instant time = null;
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken token = parser.nextToken();
            if (name.equals("d") && data == null && token == JsonToken.START_OBJECT) {
                data = (Values) in.value();
            } else if (name.equals("ts") && time == null) {
                time = Stamp.strict(text(in, token));
            } else {
                throw new CodecException("strict json-iotf has a member d, an object, at most one member ts, and no other");
            }
        }
        if (data == null) {
            throw new CodecException("strict json-iotf has a member d, this document has none");
        }
        return new Content(data, Optional.ofNullable(time));
    }

    private static String text(JsonReader in, JsonToken token) throws IOException, CodecException {
        if (token != JsonToken.VALUE_STRING) {
            throw new CodecException("the timestamp ts must be a text such as 2014-12-30T14:47:36+00:00, it is another value");
        }
        return in.checked(in.parser().getText());
    }
}
