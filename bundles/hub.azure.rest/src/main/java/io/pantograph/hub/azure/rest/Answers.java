package io.pantograph.hub.azure.rest;

import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes answers in the cloud's form. */
record Answers(Json json) {

    static final String JSON = "application/json; charset=utf-8";

    HttpAnswer ok(Object body) {
        return ok(body, Map.of());
    }

    HttpAnswer ok(Object body, Map<String, String> more) {
        return with(200, body, more);
    }

    HttpAnswer with(int status, Object body, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", JSON);
        headers.put("Cache-Control", "no-store"); // documents hold keys
        headers.putAll(more);
        return new HttpAnswer.Whole(status, Map.copyOf(headers), json.write(body));
    }

    /** A document that has an ETag, which is told in the header too, there in quotes. */
    HttpAnswer tagged(Values document) {
        return document.get("etag") instanceof String tag ? ok(document, Map.of("ETag", '"' + tag + '"')) : ok(document);
    }

    HttpAnswer nothing() {
        return new HttpAnswer.Whole(204, Map.of(), Bytes.EMPTY);
    }
}
