package io.pantograph.hub.manage;

import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.List;

/** What the registry keeps of a device, and how a device changes it. */
final class Attributes {

    private Attributes() {
    }

    static Values with(Values old, String name, Object value) {
        Values.Builder all = Values.builder();
        old.forEach(all::put);
        return all.put(name, value).build();
    }

    static Values without(Values old, String name) {
        Values.Builder all = Values.builder();
        old.forEach((each, value) -> {
            if (!each.equals(name)) {
                all.put(each, value);
            }
        });
        return all.build();
    }

    /** Empty if there is none. */
    static Values object(Values old, String name) {
        return old.get(name) instanceof Values values ? values : Values.EMPTY;
    }

    /** Where a device says that it is; the whole of it, each time. @throws IllegalArgumentException saying what is wrong */
    static Values location(Values told, Instant now) {
        Values.Builder location = Values.builder().put("longitude", within(told, "longitude", 180)).put("latitude", within(told, "latitude", 90));
        for (String name : List.of("elevation", "accuracy")) {
            if (told.get(name) != null) {
                location.put(name, within(told, name, 1e9));
            }
        }
        return location.put("measuredDateTime", Times.text(Times.of(told.get("measuredDateTime"), now))).put("updatedDateTime", Times.text(now)).build();
    }

    private static double within(Values told, String name, double most) {
        double number = told.number(name);
        if (!(Math.abs(number) <= most)) {
            throw new IllegalArgumentException("'" + name + "' must be of -" + most + " to " + most);
        }
        return number;
    }
}
