package io.pantograph.api.device;

/** Whether a device has something on its way to the hub. */
public enum SendStatus {
    /** All that was published was acknowledged, or failed. */
    IDLE,
    /** Something waits or is under way. */
    BUSY
}
