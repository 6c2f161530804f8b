package io.pantograph.hub.azure;

import io.pantograph.api.model.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Merge patches in the manner of RFC 7396: objects are merged, {@code null} deletes, all else replaces, lists too. */
final class Merge {

    private Merge() {
    }

    static Values apply(Values old, Values patch) {
        if (patch.isEmpty()) {
            return old;
        }
        Map<String, Object> merged = new LinkedHashMap<>(old);
        patch.forEach((name, value) -> {
            if (value == null) {
                merged.remove(name);
            } else if (value instanceof Values inner) {
                merged.put(name, apply(merged.get(name) instanceof Values before ? before : Values.EMPTY, inner));
            } else {
                merged.put(name, value);
            }
        });
        return Values.of(merged);
    }

    /** The patch that makes the one of the other. */
    static Values difference(Values from, Values to) {
        Map<String, Object> patch = new LinkedHashMap<>();
        from.forEach((name, value) -> {
            if (!to.containsKey(name)) {
                patch.put(name, null);
            }
        });
        to.forEach((name, value) -> {
            Object before = from.get(name);
            if (value instanceof Values after && before instanceof Values inner) {
                Values deeper = difference(inner, after);
                if (!deeper.isEmpty()) {
                    patch.put(name, deeper);
                }
            } else if (!Objects.equals(before, value)) {
                patch.put(name, value);
            }
        });
        return Values.of(patch);
    }
}
