package io.pantograph.codec.iotf;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Names;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * The timestamp of an envelope. Reads one from left to right:
 * {@code YYYY[-]MM[-]DD(T| )hh[:]mm[:]ss(.|,)f...(Z|+hh[:]mm)}, where all from some part on may be missing.
 */
final class Stamp {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final String text;
    private int at;

    private Stamp(String text) {
        this.text = text;
    }

    /** Any common form; UTC unless it names a zone; digits beyond microseconds are cut off. */
    static Instant lenient(String text) throws CodecException {
        return read(text, false);
    }

    /** With date, time and zone, in the extended form. */
    static Instant strict(String text) throws CodecException {
        return read(text, true);
    }

    /** In UTC, with six digits of a fraction or none. */
    static String write(Instant time) throws CodecException {
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new CodecException("json-iotf carries times of the years 1 to 9999, this one is " + time);
        }
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(32);
        digits(out, utc.getYear(), 4).append('-');
        digits(out, utc.getMonthValue(), 2).append('-');
        digits(out, utc.getDayOfMonth(), 2).append('T');
        digits(out, utc.getHour(), 2).append(':');
        digits(out, utc.getMinute(), 2).append(':');
        digits(out, utc.getSecond(), 2);
        int micros = utc.getNano() / 1_000;
        if (micros != 0) {
            digits(out.append('.'), micros, 6);
        }
        return out.append("+00:00").toString();
    }

    private static StringBuilder digits(StringBuilder out, int number, int count) {
        for (int unit = (int) Math.pow(10, count - 1); unit > 0; unit /= 10) {
            out.append((char) ('0' + number / unit % 10));
        }
        return out;
    }

    private static Instant read(String text, boolean strict) throws CodecException {
        try {
            Stamp stamp = new Stamp(text);
            return strict ? stamp.whole() : stamp.some();
        } catch (DateTimeException e) {
            throw new CodecException("the timestamp ts '" + Names.visible(text) + "' is no ISO 8601 time such as 2014-12-30T14:47:36+00:00");
        }
    }

    private Instant whole() {
        int year = number(4);
        expect('-');
        int month = number(2);
        expect('-');
        int day = number(2);
        expect('T');
        int hour = number(2);
        expect(':');
        int minute = number(2);
        expect(':');
        int second = number(2);
        int nanos = fraction();
        if (skip('Z')) {
            return end(year, month, day, hour, minute, second, nanos, ZoneOffset.UTC);
        }
        int sign = sign();
        int hours = number(2);
        expect(':');
        return end(year, month, day, hour, minute, second, nanos, zone(sign, hours, number(2)));
    }

    private Instant some() {
        int year = number(4);
        int month = 1;
        int day = 1;
        int hour = 0;
        int minute = 0;
        int second = 0;
        int nanos = 0;
        ZoneOffset zone = ZoneOffset.UTC;
        boolean extended = skip('-');
        if (extended || digit()) {
            month = number(2);
            if (extended ? skip('-') : digit()) {
                day = number(2);
                if (skip('T') || skip(' ')) {
                    hour = number(2);
                    if (skip(':') || digit()) {
                        minute = number(2);
                        if (skip(':') || digit()) {
                            second = number(2);
                            nanos = fraction();
                        }
                    }
                    zone = zone();
                }
            }
        }
        return end(year, month, day, hour, minute, second, nanos, zone);
    }

    private Instant end(int year, int month, int day, int hour, int minute, int second, int nanos, ZoneOffset zone) {
        if (at != text.length() || year == 0) {
            throw new DateTimeException("");
        }
        return LocalDateTime.of(year, month, day, hour, minute, second, nanos).toInstant(zone);
    }

    private int fraction() {
        if (!skip('.') && !skip(',')) {
            return 0;
        }
        int micros = 0;
        int count = 0;
        for (; digit(); at++, count++) {
            micros = count < 6 ? micros * 10 + text.charAt(at) - '0' : micros;
        }
        if (count == 0) {
            throw new DateTimeException("");
        }
        for (; count < 6; count++) {
            micros *= 10;
        }
        return micros * 1_000;
    }

    private ZoneOffset zone() {
        if (at == text.length() || skip('Z')) {
            return ZoneOffset.UTC;
        }
        int sign = sign();
        int hours = number(2);
        boolean minutes = skip(':') || digit();
        return zone(sign, hours, minutes ? number(2) : 0);
    }

    private static ZoneOffset zone(int sign, int hours, int minutes) {
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    private int sign() {
        if (skip('-')) {
            return -1;
        }
        expect('+');
        return 1;
    }

    private int number(int count) {
        int number = 0;
        for (int i = 0; i < count; i++, at++) {
            if (!digit()) {
                throw new DateTimeException("");
            }
            number = number * 10 + text.charAt(at) - '0';
        }
        return number;
    }

    private boolean digit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private boolean skip(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) {
        if (!skip(wanted)) {
            throw new DateTimeException("");
        }
    }
}
