package io.pantograph.service;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.api.service.ServiceException;
import io.pantograph.json.JsonReader;
import java.util.Map;

/**
 * Reads the cloud's refusals: {@code {"Message": "ErrorCode:Name;text", "ExceptionMessage": "Tracking ID:..."}}, or with a JSON document
 * inside {@code Message}, and the header {@code iothub-errorcode}.
 */
final class Refusal {

    private static final String PREFIX = "ErrorCode:";
    private static final int LONGEST = 400;

    /** What to do about it, where that can be said. */
    private static final Map<String, String> REMEDIES = Map.of(
            "IotHubUnauthorized", "check the key in the connection string, and this machine's clock",
            "IotHubUnauthorizedAccess", "use a policy that may do this, such as iothubowner",
            "DeviceNotOnline", "start the device, or wait for it with a connect timeout",
            "GatewayTimeout", "allow a longer response timeout");

    private Refusal() {
    }

    static ServiceException of(Reply reply) {
        String name = reply.header("iothub-errorcode").orElse("");
        String text = "";
        try {
            if (!reply.body().isEmpty() && JsonReader.readAnswer(reply.body()) instanceof Values body) {
                text = text(body, "Message", "message");
                if (text.startsWith("{")) {
                    text = nested(text);
                }
            }
        } catch (CodecException e) {
            text = ""; // a proxy's page of HTML says nothing to whoever asked
        }
        if (text.startsWith(PREFIX)) {
            int end = text.indexOf(';');
            String told = text.substring(PREFIX.length(), end < 0 ? text.length() : end).strip();
            name = name.isEmpty() ? told : name;
            text = end < 0 ? "" : text.substring(end + 1).strip();
        }
        if (name.isEmpty()) {
            name = usual(reply.status());
        }
        String remedy = REMEDIES.get(name);
        String sentence = text.isEmpty() ? reply.asked() + " was refused with " + reply.status() : visible(text);
        return new ServiceException(reply.status(), Names.visible(name), sentence + (remedy == null ? "" : "; " + remedy));
    }

    private static String text(Values body, String... names) {
        for (String name : names) {
            if (body.get(name) instanceof String text && !text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    private static String nested(String text) throws CodecException {
        return JsonReader.readAnswer(io.pantograph.api.model.Bytes.utf8(text)) instanceof Values inner ? text(inner, "message", "Message", "info") : text;
    }

    private static String visible(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST).map(c -> Character.isISOControl(c) ? ' ' : c).forEach(out::appendCodePoint);
        return out.toString().strip();
    }

    private static String usual(int status) {
        return switch (status) {
            case 401 -> "IotHubUnauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 409 -> "Conflict";
            case 412 -> "PreconditionFailed";
            case 429 -> "ThrottlingException";
            case 503 -> "ServiceUnavailable";
            case 504 -> "GatewayTimeout";
            default -> "Http" + status;
        };
    }
}
