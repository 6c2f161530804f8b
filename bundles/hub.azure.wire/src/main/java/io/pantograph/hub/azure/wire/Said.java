package io.pantograph.hub.azure.wire;

import java.util.Map;
import java.util.OptionalLong;

/** What a device means by publishing to a topic. */
sealed interface Said {

    /** @param weight how many bytes system values and application properties count in the size of a message */
    record Telemetry(Map<String, String> system, Map<String, String> properties, int weight) implements Said {
    }

    /** @param rid as it stands in the topic, to be given back as it is */
    record ReadTwin(String rid) implements Said {
    }

    record Report(String rid, OptionalLong version) implements Said {
    }

    /** To a direct method. */
    record Answer(int status, String rid) implements Said {
    }

    /** No topic of this identity. */
    record Foreign(String reason) implements Said {
    }
}
