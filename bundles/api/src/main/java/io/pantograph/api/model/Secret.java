package io.pantograph.api.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A token, key or password. Prints as {@code ***}; compares in constant time. */
public final class Secret {

    private final byte[] value;

    private Secret(byte[] value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The secret itself, for the one place that must hand it on. */
    public String reveal() {
        return new String(value, StandardCharsets.UTF_8);
    }

    public boolean isEmpty() {
        return value.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(value, that.value);
    }

    @Override
    public int hashCode() {
        return 0; // a hash would tell something of the value; secrets are no keys of large maps
    }

    @Override
    public String toString() {
        return "***";
    }
}
