package io.pantograph.hub.manage;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** Times as devices tell them, and as Watson does. */
final class Times {

    private static final DateTimeFormatter TOLD = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter READ = DateTimeFormatter.ofPattern("uuuu-MM-dd[['T'][' ']HH:mm[:ss][.SSSSSS][.SSS][XXX][XX][X]]", Locale.ROOT);

    private Times() {
    }

    static String text(Instant time) {
        return TOLD.format(time);
    }

    /** Devices are careless with time: without a zone it is UTC, and what is no time at all is now. */
    static Instant of(Object told, Instant now) {
        if (told instanceof Number number && Math.abs(number.doubleValue()) < 1e15) {
            return Instant.ofEpochMilli(number.longValue());
        }
        if (!(told instanceof String text)) {
            return now;
        }
        try {
            return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            return without(text, now);
        }
    }

    private static Instant without(String text, Instant now) {
        try {
            TemporalAccessor read = READ.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            Instant time = read instanceof OffsetDateTime zoned ? zoned.toInstant()
                    : read instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : ((LocalDate) read).atStartOfDay().toInstant(ZoneOffset.UTC);
            return time.truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            try {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
            } catch (DateTimeException none) {
                return now;
            }
        }
    }
}
