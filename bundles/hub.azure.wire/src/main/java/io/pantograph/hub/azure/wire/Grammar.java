package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Names;
import io.pantograph.azure.Bag;
import io.pantograph.azure.Percent;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads the topics that one identity publishes to. A device that adds nothing to its messages says the same topic again and again, so
 * the last readings are remembered: each in one of a few places, found by the topic's hash, without a lock.
 */
final class Grammar {

    /** Few and short: there may be ten thousand connections whose topics never come again. */
    private static final int PLACES = 8;
    private static final int LONGEST_REMEMBERED = 512;
    private static final int LONGEST_ID = 128;
    /** So that the topic of the answer, which has it too, can be said. */
    static final int LONGEST_RID = 16_384;
    /** No two messages have the same: a topic with one does not come again. */
    private static final String MESSAGE_ID = "message-id";
    private static final Map<String, String> LONG_NAMES = Map.ofEntries(
            Map.entry("mid", MESSAGE_ID), Map.entry("cid", "correlation-id"), Map.entry("uid", "user-id"), Map.entry("to", "to"),
            Map.entry("ct", "content-type"), Map.entry("ce", "content-encoding"), Map.entry("ctime", "iothub-creation-time-utc"),
            Map.entry("exp", "absolute-expiry-time"), Map.entry("sub", "dt-subject"), Map.entry("on", "iothub-outputname"),
            Map.entry("ifid", "iothub-interface-id"));

    private record Reading(String topic, Said said) {
    }

    private final String events;
    private final Map<String, String> stamps;
    private final Reading[] remembered = new Reading[PLACES];

    /** @param stamps what the hub says itself of everything this connection sends */
    Grammar(Identity identity, Map<String, String> stamps) {
        events = Feed.home(identity) + "/messages/events";
        this.stamps = Map.copyOf(stamps);
    }

    Said read(String topic) {
        int place = topic.hashCode() & PLACES - 1;
        Reading before = remembered[place];
        if (before != null && before.topic.equals(topic)) {
            return before.said;
        }
        Said said = fresh(topic);
        if (said instanceof Said.Telemetry telemetry && topic.length() <= LONGEST_REMEMBERED && !telemetry.system().containsKey(MESSAGE_ID)) {
            remembered[place] = new Reading(topic, said);
        }
        return said;
    }

    private Said fresh(String topic) {
        try {
            if (topic.startsWith(events)) {
                return topic.length() == events.length() ? telemetry("")
                        : topic.charAt(events.length()) == '/' ? telemetry(topic.substring(events.length() + 1)) : foreign(topic);
            }
            return topic.startsWith("$iothub/") ? request(topic) : foreign(topic);
        } catch (IllegalArgumentException e) {
            return new Said.Foreign("topic '" + Names.visible(topic) + "' is malformed: " + Names.visible(e.getMessage()));
        }
    }

    private static Said foreign(String topic) {
        return new Said.Foreign("topic '" + Names.visible(topic) + "' is none it may publish to");
    }

    private Said telemetry(String bag) {
        Map<String, String> system = new HashMap<>(stamps);
        Map<String, String> properties = new HashMap<>();
        int weight = 0;
        for (Map.Entry<String, String> pair : Bag.read(bag.endsWith("/") ? bag.substring(0, bag.length() - 1) : bag).entrySet()) {
            String name = pair.getKey();
            String value = pair.getValue() == null ? "" : pair.getValue();
            weight += length(value);
            if (!name.startsWith("$.")) {
                weight += length(name);
                properties.put(name, value);
                continue;
            }
            String known = LONG_NAMES.get(name.substring(2));
            if (known != null) {
                system.put(known, value);
            }
        }
        if (system.getOrDefault(MESSAGE_ID, "").length() > LONGEST_ID) {
            throw new IllegalArgumentException("a message id has at most " + LONGEST_ID + " characters");
        }
        return new Said.Telemetry(Map.copyOf(system), Map.copyOf(properties), weight);
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Said request(String topic) {
        int mark = topic.indexOf("/?");
        if (mark < 0) {
            return foreign(topic);
        }
        String path = topic.substring("$iothub/".length(), mark);
        Map<String, String> query = raw(topic.substring(mark + 2));
        String rid = query.get("$rid");
        if (rid == null || rid.isEmpty()) {
            throw new IllegalArgumentException("$rid is missing");
        }
        if (rid.length() > LONGEST_RID) {
            throw new IllegalArgumentException("$rid has " + rid.length() + " characters, more than " + LONGEST_RID);
        }
        if (path.equals("twin/GET")) {
            return new Said.ReadTwin(rid);
        }
        if (path.equals("twin/PATCH/properties/reported")) {
            String version = query.get("$version");
            return new Said.Report(rid, version == null || version.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(version)));
        }
        if (path.startsWith("methods/res/")) {
            return new Said.Answer(Integer.parseInt(path.substring("methods/res/".length())), rid);
        }
        return foreign(topic);
    }

    /** Names decoded, values as they stand. */
    static Map<String, String> raw(String query) {
        Map<String, String> pairs = new HashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(Percent.decode(pair.substring(0, equals)), pair.substring(equals + 1));
            }
        }
        return pairs;
    }
}
