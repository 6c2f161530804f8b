package io.pantograph.hub.azure;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** What was used last, up to a total weight. From any thread. */
final class Cache<K, V> {

    private final int most;
    private final ToIntFunction<V> weight;
    private final Map<K, V> map = new LinkedHashMap<>(64, 0.75f, true);
    private long total;

    Cache(int most, ToIntFunction<V> weight) {
        this.most = most;
        this.weight = weight;
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(map.get(key));
    }

    synchronized void put(K key, V value) {
        remove(key);
        map.put(key, value);
        total += weight.applyAsInt(value);
        for (Iterator<V> eldest = map.values().iterator(); total > most && eldest.hasNext();) {
            total -= weight.applyAsInt(eldest.next());
            eldest.remove();
        }
    }

    synchronized void remove(K key) {
        V old = map.remove(key);
        if (old != null) {
            total -= weight.applyAsInt(old);
        }
    }
}
