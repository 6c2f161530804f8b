package io.pantograph.hub.azure.rest;

import java.util.Optional;

/** What is told of many twins at once. Values that are no numbers are passed over; of none at all AVG, MIN and MAX are undefined. */
enum Aggregate {

    COUNT, AVG, SUM, MIN, MAX;

    static Optional<Aggregate> named(String name) {
        for (Aggregate each : values()) {
            if (each.name().equalsIgnoreCase(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Collects one of them. */
    static final class Sum {

        private long count;
        private Object total = 0L;
        private Number least;
        private Number greatest;

        /** @param value one, for counting; anything, for the others */
        void add(Object value) {
            if (value instanceof Number number) {
                count++;
                total = Numbers.calculated(total, '+', number);
                least = least == null || Numbers.compare(number, least) < 0 ? number : least;
                greatest = greatest == null || Numbers.compare(number, greatest) > 0 ? number : greatest;
            }
        }

        Object result(Aggregate kind) {
            Object result = switch (kind) {
                case COUNT -> count;
                case SUM -> total;
                case AVG -> count == 0 || !(total instanceof Number sum) ? null : (Object) (sum.doubleValue() / count);
                case MIN -> least;
                case MAX -> greatest;
            };
            return result == null ? Expression.UNDEFINED : result;
        }
    }
}
