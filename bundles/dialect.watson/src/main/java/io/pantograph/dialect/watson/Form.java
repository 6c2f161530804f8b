package io.pantograph.dialect.watson;

import io.pantograph.api.model.Names;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** A device's settings as they were written, read by name and checked. An empty value is as good as none. */
final class Form {

    private static final Set<String> KNOWN = Set.of("org", "type", "id", "auth-method", "auth-token", "clean-session", "domain", "host",
            "port", "transport", "tls", "keep-alive", "gateway");

    private final Map<String, String> settings;

    Form(Map<String, String> settings) {
        for (String name : settings.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("unknown setting '" + Names.visible(name) + "'; a Watson device knows "
                        + String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        this.settings = settings;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(settings.get(name)).map(String::trim).filter(value -> !value.isEmpty());
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

    static IllegalArgumentException wrong(String name, String value, String rule) {
        return new IllegalArgumentException(name + " '" + Names.visible(value) + "' " + rule);
    }
}
