package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeliveryException.Reason;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Headers;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Qos;
import io.pantograph.azure.Bag;
import io.pantograph.azure.Percent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Readings as they travel: the body is the body, and all that goes beside it stands in the topic. */
final class Telemetries {

    /** Body, values of the system, names and values of the application. The hub ends the connection over more. */
    static final int MAX_BYTES = 262_144;
    private static final int LONGEST_TOPIC = 65_535;
    private static final int LONGEST_ID = 128;

    private static final String JSON = "json";
    private static final Optional<String> JSON_TYPE = Optional.of("application/json");
    private static final Optional<String> JSON_ENCODING = Optional.of("utf-8");
    /** As they stand in the topic: not encoded anew for each reading. */
    private static final String SAID_TYPE = "%24.ct=" + Percent.encode(JSON_TYPE.get());
    private static final String SAID_ENCODING = "%24.ce=" + Percent.encode(JSON_ENCODING.get());
    /** So much room is there for what stands beside a body that is sent without a word of its own. */
    private static final int SAID_BY_ITSELF = 64;

    private final DeviceId device;
    private final Optional<String> eventProperty;
    private final String prefix;
    private final Marks marks;

    Telemetries(DeviceId device, String topics, Manner manner) {
        this.device = device;
        this.eventProperty = manner.eventProperty();
        prefix = topics + "messages/events/";
        StringBuilder json = new StringBuilder(prefix);
        said(json, SAID_TYPE);
        said(json, SAID_ENCODING);
        marks = new Marks(manner.codecProperty(), prefix, json.toString());
    }

    String topic(Reading reading) {
        Marks.Mark mark = marks.of(reading);
        if (isBare(reading)) {
            return isJson(reading) ? mark.jsonTopic() : mark.topic();
        }
        Headers headers = reading.headers();
        StringBuilder out = new StringBuilder(prefix.length() + 200).append(prefix);
        system(out, "%24.mid=", reading.messageId());
        system(out, "%24.cid=", reading.correlationId());
        system(out, "%24.uid=", headers.userId());
        content(out, reading);
        if (headers.created().isPresent()) {
            system(out, "%24.ctime=", time(headers.created().get()));
        }
        system(out, "%24.sub=", headers.component());
        if (reading.expiry().isPresent()) {
            system(out, "%24.exp=", time(reading.expiry().get()));
        }
        if (sendsEvent(reading)) {
            Bag.write(out, prefix.length(), eventProperty.get(), reading.event());
        }
        if (!mark.said().isEmpty()) {
            said(out, mark.said());
        }
        if (!reading.properties().isEmpty()) {
            reading.properties().forEach((name, value) -> Bag.write(out, prefix.length(), name, value));
        }
        return out.toString();
    }

    /** To the millisecond: many a reader of such times knows no more digits. */
    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static boolean isJson(Reading reading) {
        return reading.format().equals(JSON);
    }

    private void content(StringBuilder out, Reading reading) {
        Headers headers = reading.headers();
        boolean json = isJson(reading);
        if (headers.contentType().isPresent()) {
            system(out, "%24.ct=", headers.contentType().get());
        } else if (json) {
            said(out, SAID_TYPE);
        }
        if (headers.contentEncoding().isPresent()) {
            system(out, "%24.ce=", headers.contentEncoding().get());
        } else if (json) {
            said(out, SAID_ENCODING);
        }
    }

    /** The author's word, else what is known of the format. */
    private static Optional<String> contentType(Reading reading) {
        Optional<String> said = reading.headers().contentType();
        return said.isEmpty() && isJson(reading) ? JSON_TYPE : said;
    }

    private static Optional<String> contentEncoding(Reading reading) {
        Optional<String> said = reading.headers().contentEncoding();
        return said.isEmpty() && isJson(reading) ? JSON_ENCODING : said;
    }

    /** Nothing but a body, and who wrote it: then its topic is there already. */
    private boolean isBare(Reading reading) {
        return reading.properties().isEmpty() && reading.messageId().isEmpty() && reading.correlationId().isEmpty() && reading.expiry().isEmpty()
                && eventProperty.isEmpty() && (reading.headers() == Headers.NONE || reading.headers().equals(Headers.NONE));
    }

    /** What the author says himself is not said again. */
    private boolean sendsEvent(Reading reading) {
        return eventProperty.isPresent() && !reading.properties().containsKey(eventProperty.get());
    }

    private void system(StringBuilder out, String name, Optional<String> value) {
        if (value.isPresent()) {
            system(out, name, value.get());
        }
    }

    private void system(StringBuilder out, String name, String value) {
        said(out, name);
        Percent.encode(value, out);
    }

    private void said(StringBuilder out, String words) {
        if (out.length() > prefix.length()) {
            out.append('&');
        }
        out.append(words);
    }

    void check(Reading reading) throws DeliveryException {
        if (reading.qos() == Qos.EXACTLY_ONCE) {
            throw refused(Reason.UNSUPPORTED, reading, "has QoS 2, for which IoT Hub ends the connection: use QoS 1");
        }
        Marks.Mark mark = marks.of(reading);
        if (reading.payload().length() > MAX_BYTES - SAID_BY_ITSELF || !isBare(reading) || !mark.said().isEmpty()) {
            new Sizes(reading, mark).check();
        }
    }

    private DeliveryException refused(Reason reason, Reading reading, String why) {
        return new DeliveryException(reason, "event '" + reading.event() + "' of " + device + ' ' + why);
    }

    /** Adds up what one reading takes. */
    private final class Sizes {

        /** The longest of their names, with & and =. */
        private static final int SYSTEM_NAME = 11;

        private final Reading reading;
        private int bytes;
        private int topic;

        Sizes(Reading reading, Marks.Mark mark) {
            this.reading = reading;
            bytes = reading.payload().length() + mark.bytes();
            topic = prefix.length() + (mark.said().isEmpty() ? 0 : mark.said().length() + 1);
        }

        void check() throws DeliveryException {
            Headers headers = reading.headers();
            id("message id", reading.messageId());
            id("correlation id", reading.correlationId());
            id("user id", headers.userId());
            system("content type", contentType(reading));
            system("content encoding", contentEncoding(reading));
            system("component", headers.component());
            if (headers.created().isPresent()) {
                add(SYSTEM_NAME, "creation time", time(headers.created().get()));
            }
            if (reading.expiry().isPresent()) {
                add(SYSTEM_NAME, "expiry", time(reading.expiry().get()));
            }
            if (sendsEvent(reading)) {
                property(eventProperty.get(), reading.event());
            }
            for (Map.Entry<String, String> property : reading.properties().entrySet()) {
                property(property.getKey(), property.getValue());
            }
            if (bytes > MAX_BYTES) {
                throw refused(Reason.TOO_LARGE, reading, "has " + bytes + " bytes in format " + reading.format() + " with its properties; IoT Hub takes at most "
                        + MAX_BYTES + ": send less at once");
            }
            if (topic > LONGEST_TOPIC) {
                throw refused(Reason.TOO_LARGE, reading, "has a topic of " + topic + " bytes with its properties, and MQTT carries at most "
                        + LONGEST_TOPIC + ": put more into the body, less into properties");
            }
        }

        private void id(String what, Optional<String> id) throws DeliveryException {
            if (id.isPresent() && id.get().length() > LONGEST_ID) {
                throw refused(Reason.TOO_LARGE, reading, "has a " + what + " of " + id.get().length() + " characters; IoT Hub takes at most " + LONGEST_ID);
            }
            system(what, id);
        }

        private void system(String what, Optional<String> value) throws DeliveryException {
            if (value.isPresent()) {
                add(SYSTEM_NAME, what, value.get());
            }
        }

        private void property(String name, String value) throws DeliveryException {
            if (name.isEmpty()) {
                throw refused(Reason.UNSUPPORTED, reading, "has a property without a name");
            }
            if (name.startsWith("$.") && !name.equals("$.on") && !name.equals("$.ifid")) {
                throw refused(Reason.UNSUPPORTED, reading, "has the property '" + Names.visible(name)
                        + "': names that begin with $. are the protocol's own (given may be $.on, a module's output, and $.ifid)");
            }
            add(1, "property name", name);
            add(1, "property '" + Names.visible(name) + '\'', value);
        }

        /** @param more room in the topic beside the text itself */
        private void add(int more, String what, String text) throws DeliveryException {
            int utf8 = Measure.utf8(text);
            if (utf8 < 0) {
                throw refused(Reason.UNSUPPORTED, reading, "has a " + what + " with half a character (a lone surrogate), which no UTF-8 can say");
            }
            bytes += utf8;
            topic += more + Measure.encoded(text, utf8);
        }
    }
}
