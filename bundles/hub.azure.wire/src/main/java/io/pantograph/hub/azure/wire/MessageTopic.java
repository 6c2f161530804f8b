package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.CloudMessage;
import io.pantograph.azure.Bag;
import java.util.Map;

/** The topic of a cloud-to-device message, which holds its properties; {@code $.to} comes first, since some clients look for it there. */
final class MessageTopic {

    private static final String[][] SHORT_NAMES = {
        {"message-id", "$.mid"}, {"correlation-id", "$.cid"}, {"user-id", "$.uid"}, {"content-type", "$.ct"}, {"content-encoding", "$.ce"},
        {"absolute-expiry-time", "$.exp"}, {"iothub-ack", "iothub-ack"}};

    private MessageTopic() {
    }

    static String of(CloudMessage message) {
        String home = Feed.home(message.to());
        StringBuilder topic = new StringBuilder(home).append("/messages/devicebound/");
        int begin = topic.length();
        Bag.write(topic, begin, "$.to", '/' + home + "/messages/deviceBound");
        Map<String, String> system = message.system();
        for (String[] name : SHORT_NAMES) {
            write(topic, begin, name[1], system.get(name[0]));
        }
        message.properties().forEach((name, value) -> write(topic, begin, name, value));
        return topic.toString();
    }

    /** Clients trip over properties without a value. */
    private static void write(StringBuilder topic, int begin, String name, String value) {
        if (value != null && !value.isEmpty()) {
            Bag.write(topic, begin, name, value);
        }
    }
}
