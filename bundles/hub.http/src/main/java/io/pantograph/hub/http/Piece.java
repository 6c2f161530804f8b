package io.pantograph.hub.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bytes of a file that somebody wants, from one place on. @param whole all of them, because no part was asked for */
record Piece(long from, long length, boolean whole) {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * @param range the header Range, may be null; several ranges at once are answered with the whole, as a server may
     * @return null if it lies outside the file
     */
    static Piece of(String range, long length) {
        Matcher one = range == null ? null : ONE.matcher(range.replace(" ", ""));
        if (one == null || !one.matches() || one.group(1).isEmpty() && one.group(2).isEmpty()) {
            return new Piece(0, length, true);
        }
        if (one.group(1).isEmpty()) {
            long last = Math.min(length, Long.parseLong(one.group(2)));
            return last == 0 ? null : new Piece(length - last, last, false);
        }
        long from = Long.parseLong(one.group(1));
        long to = one.group(2).isEmpty() ? length - 1 : Math.min(length - 1, Long.parseLong(one.group(2)));
        if (!one.group(2).isEmpty() && Long.parseLong(one.group(2)) < from) {
            return new Piece(0, length, true); // no range at all, by the book
        }
        return from >= length ? null : new Piece(from, to - from + 1, false);
    }
}
