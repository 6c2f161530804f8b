package io.pantograph.hub.azure;

import io.pantograph.api.model.Secret;
import java.security.SecureRandom;
import java.util.Base64;

/** What is made at random. */
final class Keys {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Keys() {
    }

    /** A shared access key: 32 bytes in base64. */
    static Secret random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Secret.of(Base64.getEncoder().encodeToString(bytes));
    }

    /** A whole number that nobody had before, as good as certain: 15 digits. */
    static long number() {
        return 100_000_000_000_000L + Math.floorMod(RANDOM.nextLong(), 900_000_000_000_000L);
    }
}
