package io.pantograph.dialect.azure;

import java.util.Optional;

/** Whom the hub knows us as: a device, or a module of one. @param hub its name as in logins and tokens, be it reached by another */
record Subject(String hub, String device, Optional<String> module) {

    private static final int LONGEST = 128;
    private static final String ALSO = "-.%_*?!(),:=@$'";

    Subject {
        check("device-id", device);
        module.ifPresent(name -> check("module-id", name));
    }

    /** The id itself. @throws IllegalArgumentException naming the setting, the value and the rule */
    static String check(String setting, String id) {
        if (id.isEmpty() || id.length() > LONGEST || !id.chars().allMatch(c -> letterOrDigit(c) || ALSO.indexOf(c) >= 0)) {
            throw Form.wrong(setting, id, "must be 1 to " + LONGEST + " characters of A-Z a-z 0-9 and " + ALSO);
        }
        return id;
    }

    static boolean letterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** Never encoded, not even in topics. */
    String clientId() {
        return device + module.map(name -> '/' + name).orElse("");
    }

    /** What our tokens are for, without the host. */
    String path() {
        return "/devices/" + device + module.map(name -> "/modules/" + name).orElse("");
    }

    /** How our own topics begin; with the slash. */
    String topics() {
        return path().substring(1) + '/';
    }

    /** Our name in the gateway: a module is {@code device~module}, since ~ is in no id of the hub's. */
    static String name(String device, Optional<String> module) {
        String name = device + module.map(part -> '~' + part).orElse("");
        if (name.length() > LONGEST) {
            throw new IllegalArgumentException("device-id and module-id have " + name.length() + " characters together, with a ~ between; "
                    + "here they may have " + LONGEST);
        }
        return name;
    }
}
