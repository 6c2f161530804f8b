package io.pantograph.hub.http;

import io.pantograph.api.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which page of a list is wanted: {@code _limit}, {@code _bookmark} and {@code _sort}. */
record Leafing(int limit, Optional<String> from) {

    private static final int USUAL = 25;
    private static final int MOST = 100;
    /** Understood elsewhere, or of no consequence here. */
    private static final Set<String> OTHERS = Set.of("_limit", "_bookmark", "_sort", "_expand", "_facets", "_fields", "typeId", "deviceId");

    /** @param order the fields by which the list is sorted, which is always so */
    static Leafing of(Call call, List<String> order) {
        for (String name : call.queries()) {
            if (!OTHERS.contains(name)) {
                throw Problem.invalid("this hub does not filter by '" + Names.visible(name) + "'");
            }
        }
        call.query("_sort").ifPresent(wanted -> sort(wanted, order));
        return new Leafing(call.query("_limit").map(Leafing::limit).orElse(USUAL), call.query("_bookmark").map(Leafing::bookmark));
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit > 0) {
                return Math.min(limit, MOST);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Problem.invalid("'_limit' must be a whole number of 1 to " + MOST);
    }

    private static String bookmark(String text) {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("'_bookmark' is none of this hub");
        }
    }

    private static void sort(String wanted, List<String> order) {
        for (String field : wanted.split(",", 16)) {
            if (!order.contains(field)) {
                throw Problem.invalid("'_sort' must be of " + order + ", ascending");
            }
        }
    }
}
