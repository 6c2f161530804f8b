package io.pantograph.api.device;

import io.pantograph.api.model.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a device logs in: the name of a dialect and that dialect's settings, by the names its cloud's own programs use.
 *
 * <pre>{@code
 * DeviceOptions.dialect("watson").with("org", "edge01").with("type", "thermostat").with("id", "t-17")
 *         .with("auth-method", "token").secret("auth-token", token)
 * }</pre>
 *
 * <p>Which settings there are is the dialect's to say; {@link Gateway#connect} names the unknown and the missing ones. Prints
 * without secrets.
 */
public final class DeviceOptions {

    private final String dialect;
    private final Map<String, String> settings;
    private final Map<String, Secret> secrets;

    private DeviceOptions(String dialect, Map<String, String> settings, Map<String, Secret> secrets) {
        this.dialect = Objects.requireNonNull(dialect);
        this.settings = settings;
        this.secrets = secrets;
    }

    /** Options of this dialect, none set: what that means is the dialect's to say (Watson: Quickstart). */
    public static DeviceOptions dialect(String name) {
        return new DeviceOptions(name, Map.of(), Map.of());
    }

    /** A copy with this setting. */
    public DeviceOptions with(String name, Object value) {
        Map<String, String> copy = new LinkedHashMap<>(settings);
        copy.put(name, String.valueOf(value));
        return new DeviceOptions(dialect, copy, secrets);
    }

    /** A copy with this secret setting, which is never printed. */
    public DeviceOptions secret(String name, String value) {
        Map<String, Secret> copy = new LinkedHashMap<>(secrets);
        copy.put(name, Secret.of(value));
        return new DeviceOptions(dialect, settings, copy);
    }

    public String dialect() {
        return dialect;
    }

    /** The settings, secrets revealed: for the dialect. */
    public Map<String, String> reveal() {
        Map<String, String> all = new LinkedHashMap<>(settings);
        secrets.forEach((name, secret) -> all.put(name, secret.reveal()));
        return all;
    }

    @Override
    public String toString() {
        Map<String, Object> shown = new TreeMap<>(settings);
        shown.putAll(secrets);
        return dialect + shown;
    }
}
