package io.pantograph.service;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceException;
import io.pantograph.json.JsonReader;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What a hub answered. */
public record Reply(String asked, int status, HttpHeaders headers, Bytes body) {

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** @throws CompletionException with a ServiceException if it is not one object */
    public Values object() {
        if (json() instanceof Values values) {
            return values;
        }
        throw bad("an object", null);
    }

    /** @throws CompletionException with a ServiceException if it is not a list of objects */
    public List<Values> objects() {
        if (!(json() instanceof List<?> list)) {
            throw bad("a list", null);
        }
        List<Values> objects = new ArrayList<>(list.size());
        for (Object each : list) {
            if (!(each instanceof Values values)) {
                throw bad("a list of objects", null);
            }
            objects.add(values);
        }
        return objects;
    }

    private Object json() {
        try {
            return JsonReader.readAnswer(body);
        } catch (CodecException e) {
            throw bad("JSON: " + e.getMessage(), e);
        }
    }

    CompletionException bad(String expected, Throwable cause) {
        return new CompletionException(new ServiceException(status, ServiceException.BAD_ANSWER,
                "the answer to " + asked + " should be " + expected + "; is it a hub that listens there?", cause));
    }
}
