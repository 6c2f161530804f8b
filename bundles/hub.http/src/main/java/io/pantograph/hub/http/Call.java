package io.pantograph.hub.http;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One request: who asks, what for, and with what. */
final class Call {

    static final int MOST_BYTES = 512 * 1024;
    /** Of a body that is too large anyway. Beyond, the connection is cut. */
    private static final long MOST_PASSED_OVER = 16L * 1024 * 1024;

    /** Watson's ids: narrower than what the hub could carry. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,36}");

    private final HttpServletRequest request;
    private final Json json;
    private final HubIdentity who;
    private final Map<String, String> places;

    Call(HttpServletRequest request, Json json, HubIdentity who, Map<String, String> places) {
        this.request = request;
        this.json = json;
        this.who = who;
        this.places = places;
    }

    HubIdentity who() {
        return who;
    }

    boolean byGateway() {
        return who.kind() == Kind.GATEWAY;
    }

    /** What stands in the path at this place. */
    String at(String place) {
        return places.get(place);
    }

    /** An id in the path. */
    String id(String place) {
        return checkedId(place, at(place));
    }

    static String checkedId(String what, String id) {
        if (!ID.matcher(id).matches()) {
            throw Problem.invalid(what + " '" + Names.visible(id) + "' must be 1 to 36 characters of A-Z a-z 0-9 . _ -");
        }
        return id;
    }

    /** The device in the path. */
    DeviceId device() {
        return new DeviceId(id("typeId"), id("deviceId"));
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(request.getParameter(name));
    }

    /** The names of all that was asked. */
    List<String> queries() {
        return List.copyOf(request.getParameterMap().keySet());
    }

    Optional<String> contentType() {
        return Optional.ofNullable(request.getContentType());
    }

    Bytes body(int most) throws IOException {
        ServletInputStream in = request.getInputStream();
        byte[] body = request.getContentLengthLong() > most ? null : in.readNBytes(most + 1);
        if (body == null || body.length > most) {
            if (request.getContentLengthLong() <= MOST_PASSED_OVER) {
                // Hanging up on somebody who is still sending would take the answer from him as well.
                in.skipNBytes(request.getContentLengthLong());
            }
            throw Problem.tooLarge(most);
        }
        return Bytes.wrap(body);
    }

    private Object json() throws IOException {
        Bytes body = body(MOST_BYTES);
        try {
            return json.read(body);
        } catch (CodecException e) {
            throw Problem.invalid(e.getMessage());
        }
    }

    /** The body, which must be an object. */
    Values object() throws IOException {
        if (json() instanceof Values values) {
            return values;
        }
        throw Problem.invalid("the body must be a JSON object");
    }

    /** The body, which must be a list of objects. */
    List<Values> objects() throws IOException {
        if (json() instanceof List<?> list && list.stream().allMatch(Values.class::isInstance)) {
            return list.stream().map(Values.class::cast).toList();
        }
        throw Problem.invalid("the body must be a JSON array of objects");
    }
}
