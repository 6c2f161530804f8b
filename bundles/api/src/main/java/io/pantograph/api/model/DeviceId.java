package io.pantograph.api.model;

import java.util.regex.Pattern;

/**
 * Which device. Type and name are each 1 to 128 visible ASCII characters without {@code /}, {@code +} and {@code #},
 * which have a meaning in MQTT topics. A dialect may allow less.
 */
public record DeviceId(String type, String name) {

    private static final Pattern TOKEN = Pattern.compile("[\\p{Graph}&&[^/+#]]{1,128}");

    public DeviceId {
        check("device type", type);
        check("device name", name);
    }

    private static void check(String what, String value) {
        if (value == null || !TOKEN.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " '" + Names.visible(value)
                    + "' must be 1 to 128 visible ASCII characters without / + #");
        }
    }

    /** Type, slash, name. */
    @Override
    public String toString() {
        return type + '/' + name;
    }
}
