package io.pantograph.dialect.watson;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;

/** How Watson's topics are put together and taken apart. */
final class Topics {

    static final String MESSAGES = "iot-2";
    static final String MANAGEMENT_UP = "iotdevice-1";
    static final String MANAGEMENT_DOWN = "iotdm-1";

    /** Longer than any topic that Watson knows; what is longer is not looked into. */
    private static final int LONGEST = 1024;
    private static final int DEEPEST = 12;
    private static final String[] NONE = {};

    private Topics() {
    }

    /** The levels of a topic or filter; none at all for one that is longer or deeper than any of Watson's. */
    static String[] levels(String topic) {
        if (topic.length() > LONGEST) {
            return NONE;
        }
        int count = 1;
        for (int i = topic.indexOf('/'); i >= 0; i = topic.indexOf('/', i + 1)) {
            count++;
        }
        if (count > DEEPEST) {
            return NONE;
        }
        String[] levels = new String[count];
        int from = 0;
        for (int n = 0; n < count - 1; n++) {
            int to = topic.indexOf('/', from);
            levels[n] = topic.substring(from, to);
            from = to + 1;
        }
        levels[count - 1] = topic.substring(from);
        return levels;
    }

    /** {@code iot-2/type/{type}/id/{id}/}, or likewise for device management. */
    static String scope(String root, DeviceId device) {
        return root + "/type/" + device.type() + "/id/" + device.name() + '/';
    }

    /** {@code evt/{name}/fmt/{format}} or {@code cmd/...}. */
    static String message(String kind, String name, String format) {
        return kind + '/' + name + "/fmt/" + format;
    }

    /** Whether the levels from here on, and no more, are {@code {kind}/{name}/fmt/{format}}; + stands for a name where allowed. */
    static boolean isMessage(String[] levels, int from, String kind, boolean wildcards) {
        return levels.length == from + 4 && levels[from].equals(kind) && levels[from + 2].equals("fmt")
                && isName(levels[from + 1], wildcards) && isName(levels[from + 3], wildcards);
    }

    /** Whether the levels begin with {@code {root}/type/{type}/id/{id}}; + stands for an id where allowed. */
    static boolean isScope(String[] levels, String root, boolean wildcards) {
        return levels.length > 5 && levels[0].equals(root) && levels[1].equals("type") && levels[3].equals("id")
                && isId(levels[2], wildcards) && isId(levels[4], wildcards);
    }

    static boolean isId(String level, boolean wildcards) {
        return Ids.valid(level) || wildcards && level.equals("+");
    }

    static boolean isName(String level, boolean wildcards) {
        return Names.valid(level) || wildcards && level.equals("+");
    }

    /** What comes after the first so many slashes. */
    static String after(String topic, int slashes) {
        int at = 0;
        for (int n = 0; n < slashes; n++) {
            at = topic.indexOf('/', at) + 1;
        }
        return topic.substring(at);
    }
}
