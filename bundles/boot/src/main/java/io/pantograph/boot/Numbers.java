package io.pantograph.boot;

import io.pantograph.api.core.SettingException;

/** Numbers as settings have them. */
final class Numbers {

    private Numbers() {}

    static long within(String key, String value, long least, long most, String remedy) throws SettingException {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new SettingException(key, value, "is not a whole number", remedy);
        }
        throw new SettingException(key, value, "is not within " + least + " to " + most, remedy);
    }
}
