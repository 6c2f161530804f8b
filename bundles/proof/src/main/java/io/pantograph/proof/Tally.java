package io.pantograph.proof;

import io.pantograph.api.operator.Difference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Differences of many messages, put together by field: the first sample of each is kept, the others are counted. Not for several threads. */
final class Tally {

    private record Key(String format, boolean decoding, String field) {
    }

    private final Map<Key, Difference> fields = new LinkedHashMap<>();
    private long compared;
    private long different;

    /** @param differences of one message; empty if it came out the same */
    public void add(List<Difference> differences) {
        compared++;
        if (differences.isEmpty()) {
            return;
        }
        different++;
        for (Difference one : differences) {
            Key key = new Key(one.format(), one.decoding(), one.field());
            Difference first = fields.get(key);
            if (first != null) {
                fields.put(key, new Difference(first.format(), first.decoding(), first.field(), first.before(), first.after(),
                        first.count() + one.count()));
            } else if (fields.size() < Differences.MOST) {
                fields.put(key, one);
            }
        }
    }

    /** Messages that were compared. */
    public long compared() {
        return compared;
    }

    /** Of these, those that came out differently. */
    public long different() {
        return different;
    }

    /** At most {@link Differences#MOST}. */
    public List<Difference> differences() {
        return List.copyOf(fields.values());
    }
}
