package io.pantograph.hub;

import io.pantograph.api.hub.Registry.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Pages made from one row more than was asked for: the last item's key is where the next page begins after. */
final class Pages {

    static final int MOST = 10_000;

    private Pages() {
    }

    static int checked(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit " + limit + " must be of 1 to " + MOST);
        }
        return limit;
    }

    static <T> Page<T> page(List<T> oneMore, int limit, long total, Function<T, String> key) {
        if (oneMore.size() <= limit) {
            return new Page<>(List.copyOf(oneMore), total, Optional.empty());
        }
        List<T> items = List.copyOf(oneMore.subList(0, limit));
        return new Page<>(items, total, Optional.of(key.apply(items.get(limit - 1))));
    }
}
