package io.pantograph.api.dialect;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a gateway gives its devices where their settings are silent.
 *
 * @param standIn host that stands in for the clouds, such as {@code localhost}; used where a device's settings name no host or domain
 * @param port of its MQTT in TLS; used with the stand-in where the settings name no port
 * @param plainPort of its plain MQTT, likewise, for what knows no TLS (Quickstart)
 * @param name of this gateway, for a device whose settings give it none; a dialect may have to shorten or replace characters
 */
public record Defaults(Optional<String> standIn, OptionalInt port, OptionalInt plainPort, Optional<String> name) {

    public static final Defaults NONE = new Defaults(Optional.empty(), OptionalInt.empty(), OptionalInt.empty());

    public Defaults {
        Objects.requireNonNull(standIn);
        Objects.requireNonNull(port);
        Objects.requireNonNull(plainPort);
        Objects.requireNonNull(name);
    }

    public Defaults(Optional<String> standIn, OptionalInt port, OptionalInt plainPort) {
        this(standIn, port, plainPort, Optional.empty());
    }
}
