package io.pantograph.codecs;

import io.pantograph.api.core.Coded;

/** In what form a caller gets what was made: as it is, or with the name of who made it. */
@FunctionalInterface
interface Shape<O, R> {

    /** Never null. */
    R of(O made, Slot by);

    static <O> Shape<O, O> plain() {
        return (made, by) -> made;
    }

    static <O> Shape<O, Coded<O>> told() {
        return (made, by) -> new Coded<>(made, by.provenance);
    }
}
