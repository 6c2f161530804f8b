package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.Headers;
import io.pantograph.azure.Bag;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What we say a hub can read, and what a hub says we read, whatever the words. */
class RoundTripTest {

    private static final String UP = "devices/dev1/messages/events/";

    @Test
    void whateverIsSaidArrives() throws Exception {
        Profile profile = Given.device("event-property=event");
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            Map<String, String> properties = new HashMap<>();
            for (int left = random.nextInt(5); left > 0; left--) {
                properties.put(Texts.random(random, 12), Texts.random(random, 20));
            }
            Reading reading = Given.full(properties, Texts.random(random, 64), Texts.random(random, 64), Given.NOW, Headers.NONE
                    .userId(Texts.random(random, 64)).contentType(Texts.random(random, 9)).contentEncoding(Texts.random(random, 9))
                    .component(Texts.random(random, 9)).created(Given.NOW));
            try {
                profile.check(reading);
            } catch (DeliveryException e) {
                assertTrue(properties.keySet().stream().anyMatch(name -> name.isEmpty() || name.startsWith("$.")), e.getMessage());
                refused++;
                continue;
            }
            String topic = profile.frame(reading).topic();
            assertTrue(topic.startsWith(UP), topic);
            assertTrue(topic.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '+' && c != '#'), topic);
            assertEquals(UP.length() - 1, topic.lastIndexOf('/'), topic);

            Map<String, String> expected = new HashMap<>(properties);
            expected.putIfAbsent("event", "status");
            expected.put("$.mid", reading.messageId().orElseThrow());
            expected.put("$.cid", reading.correlationId().orElseThrow());
            expected.put("$.uid", reading.headers().userId().orElseThrow());
            expected.put("$.ct", reading.headers().contentType().orElseThrow());
            expected.put("$.ce", reading.headers().contentEncoding().orElseThrow());
            expected.put("$.sub", reading.headers().component().orElseThrow());
            expected.put("$.ctime", Given.NOW.toString());
            expected.put("$.exp", Given.NOW.toString());
            assertEquals(expected, Bag.read(topic.substring(UP.length())));
            assertEquals(topic, profile.frame(reading).topic()); // repeated, it is the same
        }
        assertTrue(refused < 1_600, "too few were tried: " + refused + " refused");
    }

    @Test
    void whateverTheCloudSaysIsRead() {
        Profile profile = Given.device("");
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            Map<String, String> bag = new LinkedHashMap<>();
            for (int left = random.nextInt(5); left > 0; left--) {
                String name = Texts.random(random, 12);
                if (!name.isEmpty() && !name.startsWith("$.") && !name.equals("method-name")) {
                    bag.put(name, random.nextInt(9) == 0 ? null : Texts.random(random, 20));
                }
            }
            Map<String, String> expected = new HashMap<>();
            bag.forEach((name, value) -> expected.put(name, value == null ? "" : value));
            expected.put("message-id", "m" + i);
            bag.put("$.mid", "m" + i);
            Inbound.Call call = assertInstanceOf(Inbound.Call.class, profile.read("devices/dev1/messages/devicebound/" + Bag.write(bag), Bytes.EMPTY));
            assertEquals(expected, call.properties());
        }
    }

    // Whatever comes, the session goes on.
    @Test
    void noTopicThrows() {
        Random random = new Random(3);
        String[] begins = {"", "$iothub/methods/POST/", "$iothub/twin/res/", "$iothub/twin/res/200", "$iothub/twin/res/200/?", "devices/dev1/messages/devicebound/",
            "$iothub/twin/PATCH/properties/desired/", "$iothub/twin/PATCH/properties/desired/?$version=", "devices/dev1/modules/mod1/inputs/"};
        Profile device = Given.device("");
        Profile module = Given.profile(Given.MODULE, "");
        for (int i = 0; i < 5_000; i++) {
            String topic = begins[random.nextInt(begins.length)] + Texts.random(random, 30);
            assertTrue(device.read(topic, Bytes.EMPTY) != null && module.read(topic, Bytes.EMPTY) != null);
        }
    }
}
