package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Provenance;
import io.pantograph.azure.Bag;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which codec wrote a reading, as an application property: {@code bundle/version;sha256=hash}, without the hash if nobody knows it. Made once
 * for each codec, so that a reading's is only copied. From any thread.
 */
final class Marks {

    /** Versions come and go while a device stays; when there are so many, all are made anew. */
    private static final int MOST = 64;

    /**
     * @param said name and value as they stand in a topic; empty: nothing is said
     * @param bytes of name and value before they are encoded
     * @param topic of a reading that has nothing else beside its body
     * @param jsonTopic likewise, in JSON
     */
    record Mark(String said, int bytes, String topic, String jsonTopic) {
    }

    private final Optional<String> name;
    private final String prefix;
    private final Mark none;
    private final Map<Provenance, Mark> made = new ConcurrentHashMap<>();

    /**
     * @param name of the property; empty: none is sent
     * @param prefix of topics, to which the bag is appended
     * @param json the same with what is said of JSON
     */
    Marks(Optional<String> name, String prefix, String json) {
        this.name = name;
        this.prefix = prefix;
        none = new Mark("", 0, prefix, json);
    }

    /** What the author says himself by this name is not said again. */
    Mark of(Reading reading) {
        if (name.isEmpty() || reading.writtenBy().bundle().isEmpty() || reading.properties().containsKey(name.get())) {
            return none;
        }
        Mark mark = made.get(reading.writtenBy());
        return mark == null ? make(name.get(), reading.writtenBy()) : mark;
    }

    private Mark make(String property, Provenance by) {
        String value = by.bundle() + '/' + by.version() + (by.sha256().isEmpty() ? "" : ";sha256=" + by.sha256());
        StringBuilder said = new StringBuilder();
        Bag.write(said, 0, property, value);
        Mark mark = new Mark(said.toString(), Measure.utf8(property) + Measure.utf8(value), prefix + said, none.jsonTopic() + '&' + said);
        if (made.size() >= MOST) {
            made.clear();
        }
        made.put(by, mark);
        return mark;
    }
}
