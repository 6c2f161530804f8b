package io.pantograph.api.core;

import io.pantograph.api.model.DeviceId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which of the configured devices stand for the gateway itself, so that who may command them may change its code:
 * {@code pantograph.gateway.devices}, a list as in {@code gateway/g-1, runtime}; a bare name is of type {@code device}. None unless told.
 */
public final class OwnDevices {

    public static final String SETTING = "pantograph.gateway.devices";

    private OwnDevices() {
    }

    /** In the order of the setting. @throws SettingException naming the entry that is no device */
    public static Set<DeviceId> of(Settings settings) throws SettingException {
        Set<DeviceId> devices = new LinkedHashSet<>();
        for (String entry : settings.text(SETTING).orElse("").split(",")) {
            String[] parts = entry.trim().split("/", -1);
            if (entry.isBlank()) {
                continue;
            }
            try {
                devices.add(parts.length == 1 ? new DeviceId("device", parts[0]) : new DeviceId(parts[0], entry.trim().substring(parts[0].length() + 1)));
            } catch (IllegalArgumentException e) {
                throw new SettingException(SETTING, entry.trim(), "is no device: " + e.getMessage(), "write type/name, or a name alone for type device");
            }
        }
        return Collections.unmodifiableSet(devices);
    }
}
