package io.pantograph.hub.azure.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Event;
import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubClient;
import io.pantograph.api.hub.Publication;
import io.pantograph.api.hub.PublishVerdict;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.testkit.Ledger;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishTest {

    private final Room room = new Room();
    private final HubClient device = room.enter("dev1", true);

    private Event sent(String topic) {
        assertInstanceOf(PublishVerdict.Consumed.class, room.publish(device, topic, "hello"));
        return room.events.telemetry();
    }

    @ParameterizedTest
    @ValueSource(strings = {"devices/dev1/messages/events/", "devices/dev1/messages/events"})
    void takesTelemetry(String topic) {
        Event event = sent(topic);
        assertEquals("dev1", event.from().toString());
        assertEquals("hello", event.body().text());
        assertEquals(Map.of(), event.properties());
        assertEquals(Map.of("iothub-connection-device-id", "dev1", "iothub-connection-auth-generation-id", "g1", "dt-dataschema", "dtmi:test;one;1",
                "iothub-connection-auth-method", "{\"scope\":\"device\",\"type\":\"sas\",\"issuer\":\"iothub\",\"acceptingIpFilterRule\":null}"), event.system());
    }

    @ParameterizedTest
    @CsvSource({"mid,message-id", "cid,correlation-id", "uid,user-id", "to,to", "ct,content-type", "ce,content-encoding", "ctime,iothub-creation-time-utc",
        "exp,absolute-expiry-time", "sub,dt-subject", "on,iothub-outputname", "ifid,iothub-interface-id"})
    void knowsSystemPropertiesRawAndEncoded(String name, String known) {
        assertEquals("a b/c", sent("devices/dev1/messages/events/$." + name + "=a%20b%2Fc").system().get(known));
        assertEquals("a b/c", sent("devices/dev1/messages/events/%24." + name + "=a%20b%2Fc&x=y").system().get(known));
    }

    // What a device says of who it is counts for nothing.
    @Test
    void stampsItself() {
        Event event = sent("devices/dev1/messages/events/%24.cdid=dev2&%24.cmid=m&%24.unknown=1");
        assertEquals("dev1", event.system().get("iothub-connection-device-id"));
        assertNull(event.system().get("iothub-connection-module-id"));
        assertEquals(Map.of(), event.properties());
    }

    @ParameterizedTest
    @CsvSource(value = {"a=b|a|b", "?a=b|a|b", "caf%C3%A9=%E2%82%AC|café|€", "a=1+1|a|1+1", "a=%2B%26%3D|a|+&=", "a=|a|''", "a|a|''", "a=b/|a|b", "a=x=y|a|x=y"}, delimiter = '|')
    void readsProperties(String bag, String name, String value) {
        assertEquals(value, sent("devices/dev1/messages/events/" + bag).properties().get(name));
    }

    @Test
    void takesTelemetryOfModules() {
        room.known(new io.pantograph.api.azure.Credential(io.pantograph.api.azure.Identity.of("dev1", "mod1"), true,
                io.pantograph.api.azure.Credential.Kind.SAS, java.util.List.of(Room.KEY), java.util.List.of(), "g2"));
        HubClient module = room.enter("dev1/mod1", true);
        room.publish(module, "devices/dev1/modules/mod1/messages/events/%24.on=out1&k=v/", "x");
        Event event = room.events.telemetry();
        assertEquals("dev1/mod1", event.from().toString());
        assertEquals("out1", event.system().get("iothub-outputname"));
        assertEquals("mod1", event.system().get("iothub-connection-module-id"));
        assertEquals(Map.of("k", "v"), event.properties());
        assertTrue(event.system().get("iothub-connection-auth-method").contains("\"scope\":\"module\""));
        assertInstanceOf(PublishVerdict.Disconnect.class, room.publish(module, "devices/dev1/messages/events/", "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"devices/dev2/messages/events/", "devices/dev1/messages/eventsx", "devices/dev1/messages/devicebound/", "devices/dev1/modules/m/messages/events/",
        "iot-2/evt/status/fmt/json", "$iothub/twin/GET", "$iothub/twin/GET/?rid=1", "$iothub/twin/GET/?$rid=", "$iothub/twin/PATCH/properties/desired/?$rid=1",
        "$iothub/twin/PATCH/properties/reported/?$rid=1&$version=x", "$iothub/methods/res/ok/?$rid=1", "$iothub/methods/POST/reboot/?$rid=1", "$dps/registrations/PUT/iotdps-register/?$rid=1",
        "devices/dev1/messages/events/a=%zz", "devices/dev1/messages/events/=b", "$SYS/x", ""})
    void endsTheConnectionAtForeignAndMalformedTopics(String topic) {
        assertInstanceOf(PublishVerdict.Disconnect.class, room.publish(device, topic, ""));
        assertTrue(room.events.of("Telemetry").isEmpty());
    }

    @Test
    void endsTheConnectionAtLongMessageIds() {
        assertInstanceOf(PublishVerdict.Consumed.class, room.publish(device, "devices/dev1/messages/events/$.mid=" + "x".repeat(128), ""));
        assertInstanceOf(PublishVerdict.Disconnect.class, room.publish(device, "devices/dev1/messages/events/$.mid=" + "x".repeat(129), ""));
    }

    @Test
    void endsTheConnectionAtQos2() {
        assertInstanceOf(PublishVerdict.Disconnect.class,
                room.rules.publish(device, new Publication("devices/dev1/messages/events/", Bytes.EMPTY, Qos.EXACTLY_ONCE, false, false)));
    }

    // Body, system values, and names and values of the application count; names of the system do not.
    @Test
    void countsBodyAndProperties() {
        String topic = "devices/dev1/messages/events/%24.ct=abcd&name=%E2%82%AC"; // 4 + 4 + 3 bytes
        assertInstanceOf(PublishVerdict.Consumed.class, room.publish(device, topic, "x".repeat(262_144 - 11)));
        assertInstanceOf(PublishVerdict.Disconnect.class, room.publish(device, topic, "x".repeat(262_144 - 10)));
    }

    @Test
    void marksRetainedMessagesAndWills() {
        room.rules.publish(device, new Publication("devices/dev1/messages/events/a=b", Bytes.EMPTY, Qos.AT_LEAST_ONCE, true, false));
        assertEquals(Map.of("a", "b", "mqtt-retain", "true"), room.events.telemetry().properties());
        room.rules.publish(device, new Publication("devices/dev1/messages/events/a=b", Bytes.EMPTY, Qos.AT_LEAST_ONCE, false, true));
        assertEquals(Map.of("a", "b", "iothub-MessageType", "Will"), room.events.telemetry().properties());
        sent("devices/dev1/messages/events/a=b");
        assertEquals(Map.of("a", "b"), room.events.telemetry().properties());
    }

    // More topics than are remembered, each again and again: none is taken for another.
    @Test
    void keepsTopicsApartAndOrder() {
        Ledger ledger = new Ledger();
        for (int i = 0; i < 1_000; i++) {
            room.publish(device, "devices/dev1/messages/events/n=" + i % 300, String.valueOf(i));
            ledger.promised(i);
        }
        for (Event event : room.events.of("Telemetry")) {
            int number = Integer.parseInt(event.body().text());
            ledger.received(number);
            assertEquals(String.valueOf(number % 300), event.properties().get("n"));
        }
        assertEquals(0, ledger.lost() + ledger.duplicated() + ledger.outOfOrder(), ledger.toString());
    }

    @ParameterizedTest
    @CsvSource({"devices/dev1/messages/devicebound/#", "$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#", "$iothub/methods/POST/#"})
    void grantsItsOwnFilters(String filter) {
        assertEquals(new FilterVerdict.Use(filter, Qos.AT_MOST_ONCE), room.rules.filter(device, filter, Qos.AT_MOST_ONCE));
        assertEquals(new FilterVerdict.Use(filter, Qos.AT_LEAST_ONCE), room.rules.filter(device, filter, Qos.EXACTLY_ONCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "devices/#", "devices/dev2/messages/devicebound/#", "devices/+/messages/devicebound/#", "devices/dev1/messages/devicebound/", "$iothub/#",
        "$iothub/twin/#", "devices/dev1/#", "devices/dev1/inputs/#", "$dps/registrations/res/#"})
    void endsTheConnectionAtForeignFilters(String filter) {
        assertInstanceOf(FilterVerdict.Disconnect.class, room.rules.filter(device, filter, Qos.AT_LEAST_ONCE));
    }

    @Test
    void grantsFiveFiltersToAModule() {
        room.known(new io.pantograph.api.azure.Credential(io.pantograph.api.azure.Identity.of("dev1", "mod1"), true,
                io.pantograph.api.azure.Credential.Kind.SAS, java.util.List.of(Room.KEY), java.util.List.of(), "g2"));
        HubClient module = room.enter("dev1/mod1", true);
        for (String filter : new String[] {"devices/dev1/modules/mod1/messages/devicebound/#", "devices/dev1/modules/mod1/inputs/#", "devices/dev1/modules/mod1/#",
            "$iothub/twin/res/#", "$iothub/methods/POST/#", "$iothub/methods/POST/#"}) {
            room.subscribe(module, filter, Qos.AT_LEAST_ONCE);
        }
        assertInstanceOf(FilterVerdict.Disconnect.class, room.rules.filter(module, "$iothub/twin/PATCH/properties/desired/#", Qos.AT_LEAST_ONCE));
    }

    @Test
    void tellsTheRegistryNowAndThenThatItIsActive() {
        room.pass(9);
        sent("devices/dev1/messages/events/");
        assertEquals(1, room.identities.seen.size());
        room.pass(2);
        sent("devices/dev1/messages/events/");
        sent("devices/dev1/messages/events/");
        assertEquals(2, room.identities.seen.size());
    }
}
