package io.pantograph.device;

import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.model.Names;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A device as the original programs have it in a file:
 *
 * <pre>
 * [device]
 * org = edge01
 * type: thermostat
 * # a comment, as is a line that begins with ;
 * </pre>
 *
 * Keys are read without regard to case, values to the end of the line, without the blanks around them. Other sections are left
 * alone. One key is ours: {@code dialect}, {@code watson} unless told.
 */
final class IniFile {

    private static final String SECTION = "device";

    private IniFile() {
    }

    /** @throws IllegalArgumentException naming the line and the remedy */
    static DeviceOptions read(String text) {
        Map<String, String> settings = new TreeMap<>();
        String section = null;
        boolean found = false;
        int number = 0;
        for (String raw : text.split("\\R", -1)) {
            number++;
            String line = (number == 1 && raw.startsWith("\ufeff") ? raw.substring(1) : raw).strip();
            if (line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == ';') {
                continue;
            }
            if (line.charAt(0) == '[') {
                section = section(line, number);
                found |= section.equals(SECTION);
            } else if (section == null) {
                // Without its value, which may be a secret.
                throw new IllegalArgumentException("line " + number + " stands before any section; the first line must be [device]");
            } else if (section.equals(SECTION)) {
                put(settings, line, number);
            }
        }
        if (!found) {
            throw new IllegalArgumentException("there is no section [device]; put the settings of the device under such a line");
        }
        String dialect = settings.remove("dialect");
        return Devices.options(dialect == null ? ConfiguredDevice.USUAL_DIALECT : dialect, settings);
    }

    private static String section(String line, int number) {
        if (!line.endsWith("]")) {
            throw wrong(number, line, "must end with ]");
        }
        return line.substring(1, line.length() - 1).strip();
    }

    private static void put(Map<String, String> settings, String line, int number) {
        int at = separator(line);
        if (at <= 0) {
            // Not the line itself: it may be a token that lost its key.
            throw new IllegalArgumentException("line " + number + " must be key = value or key: value");
        }
        String key = line.substring(0, at).strip().toLowerCase(Locale.ROOT);
        if (settings.putIfAbsent(key, line.substring(at + 1).strip()) != null) {
            throw new IllegalArgumentException("line " + number + " sets " + Names.visible(key) + " a second time; take one of them out");
        }
    }

    private static int separator(String line) {
        int equals = line.indexOf('=');
        int colon = line.indexOf(':');
        return equals < 0 ? colon : colon < 0 ? equals : Math.min(equals, colon);
    }

    private static IllegalArgumentException wrong(int number, String line, String why) {
        return new IllegalArgumentException("line " + number + " '" + Names.visible(line.length() > 20 ? line.substring(0, 20) + "..." : line) + "' " + why);
    }
}
