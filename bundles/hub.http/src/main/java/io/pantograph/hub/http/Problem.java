package io.pantograph.hub.http;

import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Map;

/**
 * A call that is not answered as wished, in the form that Watson's clients know. Where the cloud's own number of an error is not
 * documented, it is made of the status.
 */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String id;
    private final transient List<String> properties;
    private final transient Map<String, String> headers;

    private Problem(int status, String id, String message, List<String> properties, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.id = id;
        this.properties = properties;
        this.headers = headers;
    }

    private Problem(int status, String message, String... properties) {
        this(status, "CUDRS0" + status + "E", message, List.of(properties), Map.of());
    }

    static Problem invalid(String why) {
        return new Problem(400, "CUDRS0007E", "The request was not valid: " + why, List.of(), Map.of());
    }

    static Problem notLoggedIn() {
        return new Problem(401, "CUDRS0401E", "The authentication token is empty or invalid.", List.of(),
                Map.of("WWW-Authenticate", "Basic realm=\"Pantograph hub\", charset=\"UTF-8\""));
    }

    static Problem forbidden(String why) {
        return new Problem(403, why);
    }

    static Problem cacheOff(String org) {
        return new Problem(403, "CUDCS0105E", "Last event cache is disabled for this organization. Switch it on with PUT /config/lec.",
                List.of(org), Map.of());
    }

    static Problem missing(String what, String... which) {
        return new Problem(404, what, which);
    }

    static Problem wrongMethod(String method, String allowed) {
        return new Problem(405, "CUDRS0405E", "Method " + method + " is not known here; use " + allowed + '.', List.of(), Map.of("Allow", allowed));
    }

    static Problem conflict(String why, String... which) {
        return new Problem(409, why, which);
    }

    static Problem tooLarge(int most) {
        return new Problem(413, "CUDRS0413E", "The request content exceeds " + most + " bytes.", List.of(), Map.of("Connection", "close"));
    }

    static Problem outside(long length) {
        return new Problem(416, "The range lies outside the " + length + " bytes that there are.");
    }

    static Problem tooMany(String what) {
        return new Problem(429, what + '.');
    }

    static Problem broken() {
        return new Problem(500, "An unexpected error happened; the hub's log says more.");
    }

    static Problem full() {
        return new Problem(507, "There is no room for more artifacts; delete some (DELETE /artifacts/{sha256}) or raise pantograph.hub.artifacts.mib.");
    }

    static Problem away(String what) {
        return new Problem(503, what + " is not there at the moment.");
    }

    static Problem notYet(String what) {
        return new Problem(501, what + " is not part of this hub yet.");
    }

    Answer answer() {
        return new Answer(status, Values.of("message", id + ": " + getMessage(), "exception", Values.of("id", id, "properties", properties)), headers);
    }
}
