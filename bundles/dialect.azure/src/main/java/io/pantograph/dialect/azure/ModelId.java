package io.pantograph.dialect.azure;

import java.util.regex.Pattern;

/** A digital twin model identifier, such as {@code dtmi:com:example:Thermostat;1}. */
final class ModelId {

    private static final int MAX = 128;
    private static final Pattern RULE = Pattern.compile(
            "dtmi:[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?(?::[A-Za-z_](?:[A-Za-z0-9_]*[A-Za-z0-9])?)*;[1-9][0-9]{0,8}(?:\\.[1-9][0-9]{0,5})?");

    private ModelId() {
    }

    /** The id itself. @throws IllegalArgumentException naming the value and the rule */
    static String check(String id) {
        if (id.length() > MAX || !RULE.matcher(id).matches()) {
            throw Form.wrong("model-id", id, "must be a model's name of at most " + MAX + " characters, such as dtmi:com:example:Thermostat;1");
        }
        return id;
    }

    /** The last part of its path: what a person would call such a device. */
    static String shortName(String id) {
        return id.substring(id.lastIndexOf(':') + 1, id.lastIndexOf(';'));
    }
}
