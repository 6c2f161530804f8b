package io.pantograph.api.operator;

import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How documents are read: what is not known is told, not passed over. */
final class Texts {

    private Texts() {
    }

    static List<String> list(Values document, String name) {
        if (!document.containsKey(name)) {
            return List.of();
        }
        return document.list(name).stream().map(one -> {
            if (one instanceof String text) {
                return text;
            }
            throw new IllegalArgumentException("'" + name + "' must be a list of texts");
        }).toList();
    }

    static void only(Values document, String where, Set<String> known) {
        for (String name : document.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("'" + Names.visible(name) + "' is not known in " + where + "; known are "
                        + String.join(", ", new TreeSet<>(known)));
            }
        }
    }
}
