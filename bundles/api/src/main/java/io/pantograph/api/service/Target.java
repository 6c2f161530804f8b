package io.pantograph.api.service;

import io.pantograph.api.model.Names;
import java.util.Optional;
import java.util.regex.Pattern;

/** A device of a hub, or a module of one. Each id is 1 to 128 characters of A-Z a-z 0-9 - . % _ * ? ! ( ) , : = @ $ '. */
public record Target(String device, Optional<String> module) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.%_*?!(),:=@$']{1,128}");

    public Target {
        check("device id", device);
        module.ifPresent(id -> check("module id", id));
    }

    private static void check(String what, String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(what + " '" + Names.visible(id)
                    + "' must be 1 to 128 characters of A-Z a-z 0-9 - . % _ * ? ! ( ) , : = @ $ '");
        }
    }

    public static Target of(String device) {
        return new Target(device, Optional.empty());
    }

    public static Target of(String device, String module) {
        return new Target(device, Optional.of(module));
    }

    /** The device's id; of a module, a slash and its id after it. */
    @Override
    public String toString() {
        return module.map(id -> device + '/' + id).orElse(device);
    }
}
