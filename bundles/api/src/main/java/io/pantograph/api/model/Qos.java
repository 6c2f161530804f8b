package io.pantograph.api.model;

/** How hard a message is delivered (MQTT 3.1.1, section 4.3). */
public enum Qos {
    /** 0: sent once, not acknowledged. */
    AT_MOST_ONCE,
    /** 1: acknowledged, repeated until it is. */
    AT_LEAST_ONCE,
    /** 2: acknowledged in two steps, delivered once. */
    EXACTLY_ONCE;

    private static final Qos[] LEVELS = values();

    /** The number on the wire: 0, 1 or 2. */
    public int level() {
        return ordinal();
    }

    /** @throws IllegalArgumentException for another number than 0, 1, 2 */
    public static Qos of(int level) {
        if (level < 0 || level > 2) {
            throw new IllegalArgumentException("QoS " + level + " does not exist; use 0, 1 or 2");
        }
        return LEVELS[level];
    }
}
