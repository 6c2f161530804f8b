package io.pantograph.api.command;

import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What a device is asked to do.
 *
 * @param id names this one request in logs and for repeats
 * @param format in which it came
 * @param content its data, with the time it names or else the time of receipt: {@link Content#time()} is never empty here
 * @param properties what came beside the body, for clouds that carry such; empty for others
 * @param deadline after which an answer is of no use to the asker
 */
public record Command(String id, DeviceId device, String name, String format, Content content, Instant deadline,
        Map<String, String> properties) {

    public Command {
        Objects.requireNonNull(id);
        Objects.requireNonNull(device);
        Objects.requireNonNull(name);
        Objects.requireNonNull(format);
        Objects.requireNonNull(content);
        Objects.requireNonNull(deadline);
        properties = Map.copyOf(properties);
    }

    public Command(String id, DeviceId device, String name, String format, Content content, Instant deadline) {
        this(id, device, name, format, content, deadline, Map.of());
    }

    /** The data as named values; empty if there is none. @throws IllegalStateException if it is something else */
    public Values arguments() {
        return content.values();
    }
}
