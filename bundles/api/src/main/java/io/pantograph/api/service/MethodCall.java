package io.pantograph.api.service;

import io.pantograph.api.model.Content;
import java.time.Duration;
import java.util.Objects;

/**
 * A direct method to call.
 *
 * @param payload any JSON value; {@code null} inside for none
 * @param responseTimeout for the device to answer, 5 to 300 s
 * @param connectTimeout for the device to connect first, 0 to 300 s; 0: it must be there
 */
public record MethodCall(String name, Content payload, Duration responseTimeout, Duration connectTimeout) {

    public MethodCall {
        if (name.isEmpty() || name.length() > 100) {
            throw new IllegalArgumentException("method name '" + name + "' must have 1 to 100 characters");
        }
        Objects.requireNonNull(payload);
        check("response timeout", responseTimeout, 5);
        check("connect timeout", connectTimeout, 0);
    }

    private static void check(String what, Duration time, int least) {
        if (time.toSeconds() < least || time.compareTo(Duration.ofSeconds(300)) > 0) {
            throw new IllegalArgumentException(what + ' ' + time.toSeconds() + " s must be of " + least + " to 300 s");
        }
    }

    /** Without payload; 30 s to answer, by a device that is there. */
    public static MethodCall of(String name) {
        return new MethodCall(name, Content.of(null), Duration.ofSeconds(30), Duration.ZERO);
    }

    /** @param data plain data */
    public MethodCall with(Object data) {
        return new MethodCall(name, Content.of(data), responseTimeout, connectTimeout);
    }

    public MethodCall within(Duration time) {
        return new MethodCall(name, payload, time, connectTimeout);
    }

    public MethodCall waitingFor(Duration connect) {
        return new MethodCall(name, payload, responseTimeout, connect);
    }
}
