package io.pantograph.gateway.rest;

import java.util.Map;

/** @param data plain data */
record Answer(int status, Object data, Map<String, String> headers) {

    static Answer ok(Object data) {
        return new Answer(200, data, Map.of());
    }

    static Answer accepted(Object data, String location) {
        return new Answer(202, data, Map.of("Location", location));
    }
}
