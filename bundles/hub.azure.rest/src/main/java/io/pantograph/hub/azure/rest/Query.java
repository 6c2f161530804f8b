package io.pantograph.hub.azure.rest;

import io.pantograph.hub.azure.rest.Expression.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A query, understood.
 *
 * @param items what is wanted of each; empty for all of it
 * @param modules of modules, instead of devices
 * @param where true if nothing is said
 */
record Query(List<Item> items, OptionalInt top, boolean modules, Expression where, List<Path> groups) {

    /** @param aggregate over the twins of a group; then {@code of} says what is summed */
    record Item(String name, Optional<Aggregate> aggregate, Expression of) {
    }

    boolean whole() {
        return items.isEmpty();
    }

    /** Whether an answer tells of many twins. */
    boolean grouped() {
        return !groups.isEmpty() || items.stream().anyMatch(item -> item.aggregate().isPresent());
    }
}
