package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;

/** What the service asks of a device. @param body JSON; {@code null} if there is no payload, which every device can read */
record MethodRequest(String name, Bytes body, long responseSeconds, long connectSeconds) {

    static final int MOST_BYTES = 131_072;
    private static final int LONGEST_NAME = 128;
    private static final String NOT_IN_NAMES = "$()<>@,;:\\\"/[]?={}+#";

    static MethodRequest of(Values request, Json json) throws AzureException {
        try {
            String name = request.text("methodName");
            if (!isName(name)) {
                throw new AzureException(AzureError.ArgumentInvalid, "methodName '" + Names.visible(name) + "' must be 1 to " + LONGEST_NAME
                        + " visible ASCII characters without " + NOT_IN_NAMES);
            }
            Bytes body = json.write(request.get("payload"));
            if (body.length() > MOST_BYTES) {
                throw new AzureException(AzureError.MessageTooLarge, "the payload has " + body.length() + " bytes, more than " + MOST_BYTES);
            }
            return new MethodRequest(name, body, bounded(request, "responseTimeoutInSeconds", 30, 5), bounded(request, "connectTimeoutInSeconds", 0, 0));
        } catch (IllegalArgumentException e) {
            throw new AzureException(AzureError.ArgumentInvalid, e.getMessage());
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && NOT_IN_NAMES.indexOf(c) < 0);
    }

    private static long bounded(Values request, String name, long otherwise, long least) {
        return request.get(name) == null ? otherwise : Math.max(least, Math.min(300, request.integer(name)));
    }
}
