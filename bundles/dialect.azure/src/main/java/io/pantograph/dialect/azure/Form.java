package io.pantograph.dialect.azure;

import io.pantograph.api.model.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** A device's settings as they were written, read by name and checked. An empty value is as good as none. */
final class Form {

    private static final Set<String> KNOWN = Set.of("connection-string", "host", "device-id", "module-id", "shared-access-key",
            "shared-access-signature", "gateway-host", "x509-certificate", "x509-key", "device-type", "model-id", "transport", "port",
            "sas-life-s", "keep-alive-s", "clean-session", "product-info", "event-property", "codec-property", "c2d-format", "method-patience-s", "id-scope",
            "registration-id", "provisioning-host", "symmetric-key", "group-key", "provisioning-payload");

    private final Map<String, String> settings;

    Form(Map<String, String> settings) {
        for (String name : settings.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("unknown setting '" + Names.visible(name) + "'; an Azure device knows "
                        + String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        this.settings = settings;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(settings.get(name)).map(String::trim).filter(value -> !value.isEmpty());
    }

    /** @param why the setting is needed */
    String required(String name, String why) {
        return text(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing: " + why));
    }

    /** Which of these are there, in this order. */
    List<String> present(String... names) {
        return Arrays.stream(names).filter(name -> text(name).isPresent()).toList();
    }

    /** Refuses those that have no place beside what else is there. */
    void refuse(String why, String... names) {
        List<String> there = present(names);
        if (!there.isEmpty()) {
            throw new IllegalArgumentException(String.join(", ", there) + ' ' + why);
        }
    }

    boolean flag(String name, boolean otherwise) {
        String value = text(name).orElse(otherwise ? "true" : "false").toLowerCase(Locale.ROOT);
        if (!value.equals("true") && !value.equals("false")) {
            throw wrong(name, value, "must be true or false");
        }
        return value.equals("true");
    }

    OptionalInt number(String name, int least, int most) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(name, value.get(), "must be a whole number of " + least + " to " + most);
    }

    /** Not for secrets: the value is shown. */
    static IllegalArgumentException wrong(String name, String value, String rule) {
        return new IllegalArgumentException(name + " '" + Names.visible(value) + "' " + rule);
    }
}
