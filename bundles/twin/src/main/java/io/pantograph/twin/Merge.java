package io.pantograph.twin;

import io.pantograph.api.model.Values;
import java.util.Map;

/** Merge patches: named values replace or join, {@code null} deletes, objects are merged name by name, all else is replaced whole. */
final class Merge {

    private Merge() {
    }

    /** The document after this patch. */
    static Values apply(Values document, Values patch) {
        Values.Builder after = Values.builder();
        document.forEach((name, value) -> {
            if (!patch.containsKey(name)) {
                after.put(name, value);
            }
        });
        patch.forEach((name, value) -> {
            if (value instanceof Values inner) {
                after.put(name, apply(document.get(name) instanceof Values before ? before : Values.EMPTY, inner));
            } else if (value != null) {
                after.put(name, value);
            }
        });
        return after.build();
    }

    /**
     * The one patch that does what these two do one after the other; null if there is none: an object that follows something else
     * would be merged with what the document has, instead of with nothing.
     */
    static Values compose(Values first, Values then) {
        Values.Builder both = Values.builder();
        first.forEach(both::put);
        for (Map.Entry<String, Object> entry : then.entrySet()) {
            Object value = entry.getValue();
            if (value instanceof Values inner && first.containsKey(entry.getKey())) {
                if (!(first.get(entry.getKey()) instanceof Values before)) {
                    return null;
                }
                value = compose(before, inner);
                if (value == null) {
                    return null;
                }
            }
            both.put(entry.getKey(), value);
        }
        return both.build();
    }

    /** What of the earlier patch still matters when the later one follows it; the earlier one itself if all does. */
    static Values without(Values earlier, Values later) {
        Values.Builder left = Values.builder();
        boolean[] changed = {false};
        earlier.forEach((name, value) -> {
            Object kept = value;
            if (later.containsKey(name)) {
                if (!(later.get(name) instanceof Values inner)) {
                    changed[0] = true;
                    return;
                }
                if (value instanceof Values before) {
                    kept = without(before, inner);
                    changed[0] |= kept != before;
                    if (((Values) kept).isEmpty()) {
                        changed[0] = true;
                        return;
                    }
                }
            }
            left.put(name, kept);
        });
        return changed[0] ? left.build() : earlier;
    }

    /** What makes the earlier value the later one when it is merged with it: an object's names that are no more are deleted. */
    static Object replacing(Object earlier, Object later) {
        if (!(earlier instanceof Values before) || !(later instanceof Values after)) {
            return later;
        }
        Values.Builder both = Values.builder();
        before.forEach((name, value) -> {
            if (!after.containsKey(name)) {
                both.put(name, null);
            }
        });
        after.forEach((name, value) -> both.put(name, replacing(before.get(name), value)));
        return both.build();
    }
}
