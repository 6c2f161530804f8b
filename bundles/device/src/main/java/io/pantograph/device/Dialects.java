package io.pantograph.device;

import io.pantograph.api.dialect.Dialect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The dialects that are here. Guarded by the lock of {@link Devices}. */
final class Dialects {

    private record Present(Dialect dialect, String name, int ranking, long id) {
    }

    private static final Comparator<Present> BEST_FIRST =
            Comparator.comparingInt(Present::ranking).reversed().thenComparingLong(Present::id);

    private final List<Present> present = new ArrayList<>();

    void add(Dialect dialect, Map<String, Object> properties) {
        present.add(new Present(dialect, String.valueOf(properties.get("pantograph.dialect.name")),
                properties.get("service.ranking") instanceof Integer ranking ? ranking : 0,
                properties.get("service.id") instanceof Long id ? id : 0));
        present.sort(BEST_FIRST);
    }

    void remove(Dialect dialect) {
        present.removeIf(one -> one.dialect() == dialect);
    }

    Optional<Dialect> find(String name) {
        return present.stream().filter(one -> one.name().equals(name)).map(Present::dialect).findFirst();
    }

    String missing(String name) {
        SortedSet<String> names = new TreeSet<>();
        present.forEach(one -> names.add(one.name()));
        return "dialect '" + name + "' is not installed (installed: " + (names.isEmpty() ? "none" : String.join(", ", names)) + ')';
    }
}
