package io.pantograph.api.azure;

import java.util.Optional;
import java.util.regex.Pattern;

/** A device, or a module of one. Each id is 1 to 128 characters of A-Z a-z 0-9 - . % _ * ? ! ( ) , : = @ $ '. */
public record Identity(String device, Optional<String> module) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.%_*?!(),:=@$']{1,128}");

    public Identity {
        check("device id", device);
        module.ifPresent(id -> check("module id", id));
    }

    private static void check(String what, String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(what + " '" + io.pantograph.api.model.Names.visible(id)
                    + "' must be 1 to 128 characters of A-Z a-z 0-9 - . % _ * ? ! ( ) , : = @ $ '");
        }
    }

    public static Identity of(String device) {
        return new Identity(device, Optional.empty());
    }

    public static Identity of(String device, String module) {
        return new Identity(device, Optional.of(module));
    }

    /** As in client ids: the device's id; of a module, a slash and its id after it. */
    @Override
    public String toString() {
        return module.map(id -> device + '/' + id).orElse(device);
    }
}
