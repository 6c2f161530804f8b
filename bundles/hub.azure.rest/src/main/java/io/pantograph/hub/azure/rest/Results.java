package io.pantograph.hub.azure.rest;

import static io.pantograph.hub.azure.rest.Expression.UNDEFINED;

import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a query finds, a page at a time. */
final class Results {

    /** @param next where the next page begins; empty if this was the last */
    record Page(List<Values> found, Optional<Continuation> next) {
    }

    private final Query query;
    private final List<Values> twins;

    /** @param twins all of them, in the order of their ids */
    Results(Query query, List<Values> twins) {
        this.query = query;
        this.twins = twins;
    }

    Page page(Continuation from, int size) {
        return query.grouped() ? groups(from, size) : singles(from, size);
    }

    private long left(Continuation from) {
        return query.top().isPresent() ? query.top().getAsInt() - from.told() : Long.MAX_VALUE;
    }

    /** Goes on behind the last twin that was told, even if it is gone by now; so nothing is told twice or left out for that. */
    private Page singles(Continuation from, int size) {
        List<Values> found = new ArrayList<>();
        Values last = null;
        long left = left(from);
        for (Values twin : twins) {
            if (from.after(twin) && query.where().holds(twin)) {
                if (found.size() >= left) {
                    break;
                }
                if (found.size() == size) {
                    return new Page(found, Optional.of(from.behind(last, size)));
                }
                found.add(query.whole() ? twin : row(twin));
                last = twin;
            }
        }
        return new Page(found, Optional.empty());
    }

    private Values row(Values twin) {
        Values.Builder row = Values.builder();
        for (Query.Item item : query.items()) {
            put(row, item.name(), item.of().of(twin));
        }
        return row.build();
    }

    private static void put(Values.Builder row, String name, Object value) {
        if (value != UNDEFINED) {
            row.put(name, value);
        }
    }

    private Page groups(Continuation from, int size) {
        Map<List<Object>, List<Aggregate.Sum>> groups = new LinkedHashMap<>();
        if (query.groups().isEmpty()) {
            groups.put(List.of(), sums());
        }
        for (Values twin : twins) {
            if (query.where().holds(twin)) {
                add(twin, groups.computeIfAbsent(key(twin), each -> sums()));
            }
        }
        long end = Math.min(groups.size(), from.told() + Math.min(size, Math.max(left(from), 0)));
        List<Values> found = new ArrayList<>();
        long place = 0;
        for (Map.Entry<List<Object>, List<Aggregate.Sum>> group : groups.entrySet()) {
            if (place >= from.told() && place < end) {
                found.add(row(group.getKey(), group.getValue()));
            }
            place++;
        }
        boolean more = end < groups.size() && left(from) > found.size();
        return new Page(found, more ? Optional.of(from.further(found.size())) : Optional.empty());
    }

    private List<Aggregate.Sum> sums() {
        return query.items().stream().map(item -> new Aggregate.Sum()).toList();
    }

    private List<Object> key(Values twin) {
        List<Object> key = new ArrayList<>();
        for (Expression.Path path : query.groups()) {
            Object value = path.of(twin);
            key.add(value instanceof Number number ? Numbers.plain(number) : value);
        }
        return key;
    }

    private void add(Values twin, List<Aggregate.Sum> sums) {
        for (int i = 0; i < sums.size(); i++) {
            sums.get(i).add(query.items().get(i).of().of(twin));
        }
    }

    private Values row(List<Object> key, List<Aggregate.Sum> sums) {
        Values.Builder row = Values.builder();
        for (int i = 0; i < sums.size(); i++) {
            Query.Item item = query.items().get(i);
            Aggregate.Sum sum = sums.get(i);
            put(row, item.name(), item.aggregate().map(sum::result).orElseGet(() -> key.get(query.groups().indexOf(item.of()))));
        }
        return row.build();
    }
}
