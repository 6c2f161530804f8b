package io.pantograph.hub.manage;

import io.pantograph.api.model.Values;
import java.util.Optional;

/** What a device can be told to do. @param name as the operator says it @param path behind {@code iotdm-1/} */
record Action(Kind kind, String name, String path) {

    enum Kind { RESTART, DOWNLOAD, UPDATE, CUSTOM }

    /** @return empty if it is none */
    static Optional<Action> of(String name) {
        return Optional.ofNullable(switch (name) {
            case "device/reboot" -> new Action(Kind.RESTART, name, "mgmt/initiate/device/reboot");
            case "device/factoryReset" -> new Action(Kind.RESTART, name, "mgmt/initiate/device/factory_reset");
            case "firmware/download" -> new Action(Kind.DOWNLOAD, name, "mgmt/initiate/firmware/download");
            case "firmware/update" -> new Action(Kind.UPDATE, name, "mgmt/initiate/firmware/update");
            default -> name.matches("[A-Za-z0-9._-]{1,255}/[A-Za-z0-9._-]{1,255}") && !name.startsWith("device/") && !name.startsWith("firmware/")
                    ? new Action(Kind.CUSTOM, name, "mgmt/custom/" + name) : null;
        });
    }

    /** It is about the firmware, which is observed meanwhile. */
    boolean firmware() {
        return kind == Kind.DOWNLOAD || kind == Kind.UPDATE;
    }

    /** A device does one of these at a time. */
    boolean exclusive() {
        return kind != Kind.CUSTOM;
    }

    String bundle() {
        return name.substring(0, name.indexOf('/'));
    }

    /** The action's name within its bundle. */
    String local() {
        return name.substring(name.indexOf('/') + 1);
    }

    /** Whether a device that said this of itself knows how. */
    boolean supportedBy(Values supports) {
        String flag = switch (kind) {
            case RESTART -> "deviceActions";
            case DOWNLOAD, UPDATE -> "firmwareActions";
            case CUSTOM -> bundle();
        };
        return Boolean.TRUE.equals(supports.get(flag));
    }
}
