package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.HttpRequest;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request, and what stands at the places of its path. */
record Call(HttpRequest request, Json json, Map<String, String> places) {

    static AzureException invalid(String why) {
        return new AzureException(AzureError.ArgumentInvalid, why);
    }

    String at(String place) {
        return places.get(place);
    }

    /** The device in the path, or its module if one is named. */
    Identity identity() throws AzureException {
        try {
            return new Identity(at("d"), Optional.ofNullable(at("m")));
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage());
        }
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(request.query().get(name));
    }

    Optional<String> header(String lowerCaseName) {
        return request.header(lowerCaseName);
    }

    /** An ETag without quotes. One client sends {@code "*"} where the other sends {@code *}; both mean any. */
    Optional<String> ifMatch() {
        return header("if-match").map(Call::unquoted);
    }

    static String unquoted(String tag) {
        String text = tag.strip();
        boolean quoted = text.length() >= 2 && text.charAt(0) == '"' && text.charAt(text.length() - 1) == '"';
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** The body, which must be an object. */
    Values object() throws AzureException {
        if (body() instanceof Values values) {
            return values;
        }
        throw invalid("the body must be a JSON object");
    }

    /** The body, which must be a list of objects. */
    List<Values> objects() throws AzureException {
        if (body() instanceof List<?> list && list.stream().allMatch(Values.class::isInstance)) {
            return list.stream().map(Values.class::cast).toList();
        }
        throw invalid("the body must be a JSON array of objects");
    }

    private Object body() throws AzureException {
        if (request.body().isEmpty()) {
            throw invalid("the body is missing, it must be JSON");
        }
        try {
            return json.read(request.body());
        } catch (CodecException e) {
            throw invalid("the body is no JSON that this hub takes: " + e.getMessage());
        }
    }

    /** A whole number of the query or of a header. @param what for the error, such as {@code query parameter top} */
    static int number(String what, String text, int least) throws AzureException {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw invalid(what + " '" + Names.visible(text) + "' must be a whole number of at least " + least);
    }
}
