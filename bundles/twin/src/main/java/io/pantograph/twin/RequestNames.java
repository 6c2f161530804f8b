package io.pantograph.twin;

import java.util.UUID;

/** Names for requests, never the same twice: an answer to one that was given up must not be taken for another's. */
final class RequestNames {

    private final String start = UUID.randomUUID().toString().substring(0, 23); // what is left of the 36 is for the count
    private long count;

    String next() {
        return start + '-' + Long.toString(++count, 36);
    }
}
