package io.pantograph.hub.http;

import java.util.Map;

/** What is answered. @param body plain data, sent as JSON; nothing at all if there is no content (204) */
record Answer(int status, Object body, Map<String, String> headers) {

    static Answer ok(Object body) {
        return new Answer(200, body, Map.of());
    }

    static Answer created(Object body) {
        return new Answer(201, body, Map.of());
    }

    /** Some of the many were done. */
    static Answer partly(Object body) {
        return new Answer(202, body, Map.of());
    }

    static Answer gone() {
        return new Answer(204, null, Map.of());
    }
}
