package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** ETags as the service makes them: base64, without their quotes. */
final class ETags {

    private ETags() {
    }

    static String ofIdentity(long number) {
        return Base64.getEncoder().encodeToString(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    static String ofTwin(long number) {
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** @param ifMatch with or without quotes; {@code *} or empty takes any. @throws AzureException PreconditionFailed if it is not this one */
    static void check(Optional<String> ifMatch, String present) throws AzureException {
        if (ifMatch.isEmpty()) {
            return;
        }
        String wanted = ifMatch.get().strip();
        if (wanted.startsWith("W/")) {
            wanted = wanted.substring(2);
        }
        if (wanted.length() >= 2 && wanted.startsWith("\"") && wanted.endsWith("\"")) {
            wanted = wanted.substring(1, wanted.length() - 1);
        }
        if (!wanted.isEmpty() && !wanted.equals("*") && !wanted.equals(present)) {
            throw new AzureException(AzureError.PreconditionFailed, "the ETag is not the present one; read it again");
        }
    }
}
