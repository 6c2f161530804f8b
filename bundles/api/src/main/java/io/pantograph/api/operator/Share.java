package io.pantograph.api.operator;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which devices a canary serves: those named, those of these types, and of all others so many of a hundred, always the same ones.
 *
 * @param percent 0 to 100
 */
public record Share(Set<DeviceId> devices, Set<String> types, int percent) {

    public Share {
        devices = Set.copyOf(devices);
        types = Set.copyOf(types);
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percent must be 0 to 100, it is " + percent);
        }
        if (devices.isEmpty() && types.isEmpty() && percent == 0) {
            throw new IllegalArgumentException("a canary needs devices, types or a percent above 0");
        }
    }

    /** Whether this device is among them. @param device null: a message of no device, which is of the percentage only at 100 */
    public boolean has(DeviceId device) {
        return device == null ? percent == 100
                : devices.contains(device) || types.contains(device.type()) || hundredth(device) < percent;
    }

    /** The same on every gateway and after every restart. */
    private static int hundredth(DeviceId device) {
        int mixed = (31 * device.type().hashCode() + device.name().hashCode()) * 0x9E3779B9;
        return (mixed >>> 7) % 100;
    }

    static Share of(Values document) {
        Set<DeviceId> devices = new LinkedHashSet<>();
        for (String device : Texts.list(document, "devices")) {
            String[] parts = device.split("/", -1);
            if (parts.length > 2) {
                throw new IllegalArgumentException("'devices' of a canary must hold texts like meter/m-1, it holds '" + device + "'");
            }
            devices.add(parts.length == 2 ? new DeviceId(parts[0], parts[1]) : new DeviceId("device", parts[0]));
        }
        long percent = document.containsKey("percent") ? document.integer("percent") : 0;
        return new Share(devices, Set.copyOf(Texts.list(document, "types")), (int) Math.max(-1, Math.min(101, percent)));
    }

    @Override
    public String toString() {
        return List.of(devices.toString(), types.toString(), percent + " %").toString();
    }
}
