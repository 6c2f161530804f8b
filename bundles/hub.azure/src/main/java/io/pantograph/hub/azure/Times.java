package io.pantograph.hub.azure;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as the service writes them, and as milliseconds in the database, where 0 is never. */
final class Times {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private Times() {
    }

    static String text(long millis) {
        return millis == 0 ? NEVER : FORMAT.format(Instant.ofEpochMilli(millis));
    }
}
