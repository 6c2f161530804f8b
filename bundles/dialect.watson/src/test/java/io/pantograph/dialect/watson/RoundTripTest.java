package io.pantograph.dialect.watson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubTopic;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Frame;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both halves against each other: what one says the other understands, and no name slips through. */
class RoundTripTest {

    private static final Bytes BODY = Bytes.utf8("{}");

    private final WatsonDialect dialect = new WatsonDialect();
    private final WatsonHub hub = new WatsonHub();

    @ParameterizedTest
    @ValueSource(strings = {"device", "gateway"})
    void eventsGoUpAndCommandsComeDown(String as) throws Exception {
        Profile device = registered(as.equals("gateway"));
        HubIdentity seen = hub.identify(device.login(Instant.EPOCH).clientId()).orElseThrow();
        HubIdentity application = hub.identify("a:edge01:app").orElseThrow();

        Frame event = device.frame(reading("status", "json-iotf", Qos.EXACTLY_ONCE));
        assertEquals(Qos.EXACTLY_ONCE, event.qos());
        assertEquals(BODY, event.payload());
        HubTopic.Message said = assertInstanceOf(HubTopic.Message.class, hub.read(seen, event.topic()));
        assertEquals(device.device(), said.device());
        assertEquals("status", said.name());
        assertEquals("json-iotf", said.format());
        assertEquals(hub.topic(seen, said), said.routed());
        assertMatches("iot-2/type/+/id/+/evt/+/fmt/+", hub.deliver(application, said.routed()));

        HubTopic.Message command = assertInstanceOf(HubTopic.Message.class,
                hub.read(application, "iot-2/type/thermostat/id/t-1/cmd/set-point/fmt/json"));
        FilterVerdict.Use filter = assertInstanceOf(FilterVerdict.Use.class,
                hub.filter(seen, device.subscriptions().get(0).filter(), device.subscriptions().get(0).qos()));
        assertEquals(Qos.AT_LEAST_ONCE, filter.qos());
        assertMatches(filter.filter(), command.routed());
        assertEquals(new Inbound.Call(device.device(), "set-point", "json", BODY), device.read(hub.deliver(seen, command.routed()), BODY));
    }

    @Test
    void aGuestIsHeardByGuestsOnly() throws Exception {
        Profile device = dialect.profile(Map.of("type", "thermostat", "id", "t-1"), Defaults.NONE);
        HubIdentity seen = hub.identify(device.login(Instant.EPOCH).clientId()).orElseThrow();
        String routed = assertInstanceOf(HubTopic.Message.class, hub.read(seen, device.frame(reading("status", "json", Qos.AT_MOST_ONCE)).topic())).routed();
        HubIdentity guest = hub.identify("a:quickstart:app").orElseThrow();
        FilterVerdict.Use listening = assertInstanceOf(FilterVerdict.Use.class, hub.filter(guest, "iot-2/type/+/id/t-1/evt/+/fmt/+", Qos.AT_MOST_ONCE));
        assertMatches(listening.filter(), routed);
        // No filter of the organisation's applications begins with a wildcard, so a first level of its own keeps guests out.
        assertEquals("quickstart", routed.substring(0, routed.indexOf('/')));
    }

    static Stream<String> hostile() {
        return Stream.of("", "+", "#", "a/b", "a+", "a#", "a\u0000b", "a\u0007", "a\u007f", "a\u0085", "a\ud800", "\udc00a", "a\ufffe", "a b", "\u00fc",
                "$SYS", "..%2f", "x".repeat(129));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileNamesGetNowhere(String name) throws Exception {
        HubIdentity device = hub.identify("d:edge01:thermostat:t-1").orElseThrow();
        HubIdentity gateway = hub.identify("g:edge01:gw:g-1").orElseThrow();
        HubIdentity application = hub.identify("a:edge01:app").orElseThrow();
        for (String topic : List.of("iot-2/evt/" + name + "/fmt/json", "iot-2/evt/status/fmt/" + name, "iotdevice-1/" + name)) {
            boolean path = topic.startsWith("iotdevice-1") && (name.equals("a/b") || name.equals("x".repeat(129))); // those are fine there
            if (!path) {
                assertInstanceOf(HubTopic.Foreign.class, hub.read(device, topic), topic);
            }
        }
        for (String topic : List.of("iot-2/type/" + name + "/id/x/evt/e/fmt/f", "iot-2/type/x/id/" + name + "/evt/e/fmt/f",
                "iot-2/type/x/id/y/evt/" + name + "/fmt/f", "iot-2/type/x/id/y/evt/e/fmt/" + name)) {
            assertInstanceOf(HubTopic.Foreign.class, hub.read(gateway, topic), topic);
            assertInstanceOf(HubTopic.Foreign.class, hub.read(application, topic), topic);
        }
        if (!name.equals("+")) {
            assertInstanceOf(FilterVerdict.Refuse.class, hub.filter(device, "iot-2/cmd/" + name + "/fmt/+", Qos.AT_LEAST_ONCE));
            assertInstanceOf(FilterVerdict.Refuse.class, hub.filter(application, "iot-2/type/+/id/" + name + "/evt/+/fmt/+", Qos.AT_LEAST_ONCE));
        }
        Profile profile = registered(false);
        assertInstanceOf(Inbound.Unreadable.class, profile.read("iot-2/cmd/" + name + "/fmt/json", BODY));
        assertInstanceOf(Inbound.Unreadable.class, profile.read("iot-2/cmd/reboot/fmt/" + name, BODY));
        assertInstanceOf(Inbound.Unreadable.class, profile.read(name, BODY));
        assertInstanceOf(Inbound.Unreadable.class, registered(true).read("iot-2/type/" + name + "/id/x/cmd/c/fmt/f", BODY));
    }

    static Stream<String> huge() {
        return Stream.of("/".repeat(65_535), "x".repeat(65_535), "iot-2/evt/" + "x".repeat(65_516) + "/fmt/json", "iot-2/evt/" + "x/".repeat(32_000));
    }

    // A topic may be 65,535 bytes long, nothing but slashes at that: neither time nor log lines may grow with it.
    @ParameterizedTest
    @MethodSource("huge")
    void hugeTopicsAreNotLookedInto(String topic) throws Exception {
        HubTopic.Foreign read = assertInstanceOf(HubTopic.Foreign.class, hub.read(hub.identify("d:edge01:a:b").orElseThrow(), topic));
        assertEquals(true, read.reason().length() < 300, read.reason());
        assertInstanceOf(FilterVerdict.Refuse.class, hub.filter(hub.identify("a:edge01:app").orElseThrow(), topic, Qos.AT_MOST_ONCE));
        assertInstanceOf(Inbound.Unreadable.class, registered(false).read(topic, BODY));
    }

    private Profile registered(boolean gateway) {
        return dialect.profile(Map.of("org", "edge01", "type", "thermostat", "id", "t-1", "auth-token", "t", "gateway", gateway + ""), Defaults.NONE);
    }

    private static Reading reading(String event, String format, Qos qos) {
        return new Reading(event, format, BODY, qos, Map.of(), Optional.empty(), Optional.empty(), Instant.EPOCH, Optional.empty());
    }

    /** As a broker matches: level by level. */
    private static void assertMatches(String filter, String topic) {
        String[] wanted = filter.split("/");
        String[] given = topic.split("/");
        assertEquals(wanted.length, given.length, topic + " against " + filter);
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].equals("+")) {
                assertEquals(wanted[i], given[i], topic + " against " + filter);
            }
        }
    }
}
