package io.pantograph.dialect.watson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.FilterVerdict;
import io.pantograph.api.hub.HubDialect;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubTopic;
import io.pantograph.api.listener.HubMessage.Direction;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A row for each topic of the platform's manual, as each kind of client uses it, and for those next to it that are not allowed. */
class TopicTableTest {

    private static final String D = "d:edge01:thermostat:t-1";
    private static final String G = "g:edge01:gw:g-1";
    private static final String A = "a:edge01:app";

    private final HubDialect hub = new WatsonHub();

    @ParameterizedTest(name = "{0} publishes {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            d:edge01:thermostat:t-1 | iot-2/evt/status/fmt/json | EVENT thermostat/t-1 status json at iot-2/type/thermostat/id/t-1/evt/status/fmt/json
            d:edge01:thermostat:t-1 | iotdevice-1/mgmt/manage | MANAGE thermostat/t-1 mgmt/manage at iotdevice-1/type/thermostat/id/t-1/mgmt/manage
            d:edge01:thermostat:t-1 | iotdevice-1/response | MANAGE thermostat/t-1 response at iotdevice-1/type/thermostat/id/t-1/response
            d:edge01:thermostat:t-1 | iotdevice-1/device/update/location | MANAGE thermostat/t-1 device/update/location at iotdevice-1/type/thermostat/id/t-1/device/update/location
            d:edge01:thermostat:t-1 | iot-2/type/thermostat/id/t-2/evt/status/fmt/json | FOREIGN
            d:edge01:thermostat:t-1 | iot-2/type/thermostat/id/t-1/evt/status/fmt/json | FOREIGN
            d:edge01:thermostat:t-1 | iot-2/cmd/reboot/fmt/json | FOREIGN
            d:edge01:thermostat:t-1 | iot-2/type/thermostat/id/t-1/mon | FOREIGN
            d:edge01:thermostat:t-1 | iotdm-1/response | FOREIGN
            d:edge01:thermostat:t-1 | iot-2/evt/status | FOREIGN
            d:edge01:thermostat:t-1 | iot-2/evt/status/fmt/json/more | FOREIGN
            d:edge01:thermostat:t-1 | quickstart/iot-2/type/thermostat/id/t-1/evt/status/fmt/json | FOREIGN
            d:edge01:thermostat:t-1 | $SYS/broker | FOREIGN
            g:edge01:gw:g-1 | iot-2/type/gw/id/g-1/evt/status/fmt/json | EVENT gw/g-1 status json at iot-2/type/gw/id/g-1/evt/status/fmt/json
            g:edge01:gw:g-1 | iot-2/type/meter/id/m-7/evt/status/fmt/bin | EVENT meter/m-7 status bin at iot-2/type/meter/id/m-7/evt/status/fmt/bin
            g:edge01:gw:g-1 | iotdevice-1/type/meter/id/m-7/mgmt/manage | MANAGE meter/m-7 mgmt/manage at iotdevice-1/type/meter/id/m-7/mgmt/manage
            g:edge01:gw:g-1 | iot-2/type/meter/id/m-7/cmd/reboot/fmt/json | FOREIGN
            g:edge01:gw:g-1 | iot-2/evt/status/fmt/json | FOREIGN
            g:edge01:gw:g-1 | iot-2/type/gw/id/g-1/notify | FOREIGN
            a:edge01:app | iot-2/type/thermostat/id/t-1/cmd/set-point/fmt/json | COMMAND thermostat/t-1 set-point json at iot-2/type/thermostat/id/t-1/cmd/set-point/fmt/json
            a:edge01:app | iot-2/type/thermostat/id/t-1/evt/status/fmt/json | EVENT thermostat/t-1 status json at iot-2/type/thermostat/id/t-1/evt/status/fmt/json
            A:edge01:app | iot-2/type/thermostat/id/t-1/cmd/set-point/fmt/json | COMMAND thermostat/t-1 set-point json at iot-2/type/thermostat/id/t-1/cmd/set-point/fmt/json
            a:edge01:app | iot-2/type/thermostat/id/t-1/mon | FOREIGN
            a:edge01:app | iot-2/app/app/mon | FOREIGN
            a:edge01:app | iot-2/type/+/id/t-1/cmd/set-point/fmt/json | FOREIGN
            a:edge01:app | iotdm-1/type/thermostat/id/t-1/mgmt/initiate/device/reboot | FOREIGN
            d:quickstart:thermostat:t-1 | iot-2/evt/status/fmt/json | EVENT thermostat/t-1 status json at quickstart/iot-2/type/thermostat/id/t-1/evt/status/fmt/json
            d:quickstart:thermostat:t-1 | iotdevice-1/mgmt/manage | FOREIGN
            a:quickstart:app | iot-2/type/thermostat/id/t-1/cmd/set-point/fmt/json | FOREIGN
            """)
    void publishing(String client, String topic, String meaning) {
        HubTopic meant = hub.read(who(client), topic);
        if (meant instanceof HubTopic.Message message) {
            assertEquals(meaning, message.direction() + " " + message.device() + ' ' + message.name() + ' ' + message.format() + " at " + message.routed());
        } else if (meant instanceof HubTopic.Management management) {
            assertEquals(meaning, "MANAGE " + management.device() + ' ' + management.path() + " at " + management.routed());
        } else {
            assertEquals(meaning, "FOREIGN", meant.toString());
        }
    }

    @ParameterizedTest(name = "{0} subscribes {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            d:edge01:thermostat:t-1 | iot-2/cmd/+/fmt/+ | iot-2/type/thermostat/id/t-1/cmd/+/fmt/+
            d:edge01:thermostat:t-1 | iot-2/cmd/reboot/fmt/json | iot-2/type/thermostat/id/t-1/cmd/reboot/fmt/json
            d:edge01:thermostat:t-1 | iotdm-1/# | iotdm-1/type/thermostat/id/t-1/#
            d:edge01:thermostat:t-1 | iotdm-1/response/+ | iotdm-1/type/thermostat/id/t-1/response/+
            d:edge01:thermostat:t-1 | iotdm-1/mgmt/custom/# | iotdm-1/type/thermostat/id/t-1/mgmt/custom/#
            d:edge01:thermostat:t-1 | iot-2/evt/+/fmt/+ | REFUSED
            d:edge01:thermostat:t-1 | iot-2/type/+/id/+/evt/+/fmt/+ | REFUSED
            d:edge01:thermostat:t-1 | iot-2/type/thermostat/id/t-2/cmd/+/fmt/+ | REFUSED
            d:edge01:thermostat:t-1 | iot-2/# | REFUSED
            d:edge01:thermostat:t-1 | # | REFUSED
            d:edge01:thermostat:t-1 | +/+/+/+/+ | REFUSED
            d:edge01:thermostat:t-1 | iotdm-1/#/x | REFUSED
            d:edge01:thermostat:t-1 | $share/x/iot-2/cmd/+/fmt/+ | REFUSED
            d:edge01:thermostat:t-1 | $SYS/# | REFUSED
            g:edge01:gw:g-1 | iot-2/type/gw/id/g-1/cmd/+/fmt/+ | iot-2/type/gw/id/g-1/cmd/+/fmt/+
            g:edge01:gw:g-1 | iot-2/type/+/id/+/cmd/+/fmt/+ | iot-2/type/+/id/+/cmd/+/fmt/+
            g:edge01:gw:g-1 | iot-2/type/gw/id/g-1/notify | iot-2/type/gw/id/g-1/notify
            g:edge01:gw:g-1 | iotdm-1/type/+/id/+/# | iotdm-1/type/+/id/+/#
            g:edge01:gw:g-1 | iot-2/type/gw/id/g-2/notify | REFUSED
            g:edge01:gw:g-1 | iot-2/type/+/id/+/evt/+/fmt/+ | REFUSED
            g:edge01:gw:g-1 | iotdm-1/# | REFUSED
            a:edge01:app | iot-2/type/+/id/+/evt/+/fmt/+ | iot-2/type/+/id/+/evt/+/fmt/+
            a:edge01:app | iot-2/type/thermostat/id/+/evt/status/fmt/json | iot-2/type/thermostat/id/+/evt/status/fmt/json
            a:edge01:app | iot-2/type/+/id/+/cmd/+/fmt/+ | iot-2/type/+/id/+/cmd/+/fmt/+
            a:edge01:app | iot-2/type/+/id/+/mon | iot-2/type/+/id/+/mon
            a:edge01:app | iot-2/app/+/mon | iot-2/app/+/mon
            a:edge01:app | iot-2/type/+/id/+/# | REFUSED
            a:edge01:app | # | REFUSED
            a:edge01:app | quickstart/iot-2/type/+/id/+/evt/+/fmt/+ | REFUSED
            a:edge01:app | iotdevice-1/type/+/id/+/# | REFUSED
            A:edge01:app | iot-2/type/+/id/+/evt/+/fmt/+ | $share/app/iot-2/type/+/id/+/evt/+/fmt/+
            A:edge01:app:2 | iot-2/type/+/id/+/evt/+/fmt/+ | $share/app/iot-2/type/+/id/+/evt/+/fmt/+
            A:edge01:app:2 | iot-2/type/+/id/+/# | REFUSED
            d:quickstart:thermostat:t-1 | iot-2/cmd/+/fmt/+ | REFUSED
            a:quickstart:app | iot-2/type/+/id/t-1/evt/+/fmt/+ | quickstart/iot-2/type/+/id/t-1/evt/+/fmt/+
            a:quickstart:app | iot-2/type/+/id/t-1/mon | quickstart/iot-2/type/+/id/t-1/mon
            a:quickstart:app | iot-2/type/+/id/+/evt/+/fmt/+ | REFUSED
            a:quickstart:app | iot-2/type/+/id/t-1/cmd/+/fmt/+ | REFUSED
            """)
    void subscribing(String client, String filter, String used) {
        FilterVerdict verdict = hub.filter(who(client), filter, Qos.EXACTLY_ONCE);
        if (used.equals("REFUSED")) {
            assertInstanceOf(FilterVerdict.Refuse.class, verdict);
        } else {
            Qos granted = client.contains("quickstart") ? Qos.AT_MOST_ONCE : Qos.EXACTLY_ONCE;
            assertEquals(new FilterVerdict.Use(used, granted), verdict);
        }
    }

    @ParameterizedTest(name = "{0} sees {1} as {2}")
    @CsvSource(delimiter = '|', textBlock = """
            d:edge01:thermostat:t-1 | iot-2/type/thermostat/id/t-1/cmd/reboot/fmt/json | iot-2/cmd/reboot/fmt/json
            d:edge01:thermostat:t-1 | iotdm-1/type/thermostat/id/t-1/mgmt/initiate/device/reboot | iotdm-1/mgmt/initiate/device/reboot
            g:edge01:gw:g-1 | iot-2/type/gw/id/g-1/cmd/reboot/fmt/json | iot-2/type/gw/id/g-1/cmd/reboot/fmt/json
            a:edge01:app | iot-2/type/thermostat/id/t-1/evt/status/fmt/json | iot-2/type/thermostat/id/t-1/evt/status/fmt/json
            A:edge01:app:1 | iot-2/type/thermostat/id/t-1/mon | iot-2/type/thermostat/id/t-1/mon
            a:quickstart:app | quickstart/iot-2/type/thermostat/id/t-1/evt/status/fmt/json | iot-2/type/thermostat/id/t-1/evt/status/fmt/json
            """)
    void delivering(String client, String inside, String seen) {
        assertEquals(seen, hub.deliver(who(client), inside));
    }

    @Test
    void tellsPresenceAndNotices() {
        assertEquals("iot-2/type/thermostat/id/t-1/mon", hub.presenceTopic(who(D)));
        assertEquals("iot-2/type/gw/id/g-1/mon", hub.presenceTopic(who(G)));
        assertEquals("iot-2/app/app/mon", hub.presenceTopic(who(A)));
        assertEquals("quickstart/iot-2/type/x/id/y/mon", hub.presenceTopic(who("d:quickstart:x:y")));
        assertEquals("iot-2/type/gw/id/g-1/notify", hub.notifyTopic(who(G)));
    }

    @Test
    void namesTheTopicOfWhatComesByHttp() {
        DeviceId device = new DeviceId("thermostat", "t-1");
        assertEquals("iot-2/type/thermostat/id/t-1/evt/status/fmt/json",
                hub.topic(who(D), new HubTopic.Message(Direction.EVENT, device, "status", "json", "")));
        assertEquals("quickstart/iot-2/type/thermostat/id/t-1/evt/status/fmt/json",
                hub.topic(who("d:quickstart:thermostat:t-1"), new HubTopic.Message(Direction.EVENT, device, "status", "json", "")));
        assertEquals("iot-2/type/thermostat/id/t-1/cmd/reboot/fmt/bin",
                hub.topic(who(A), new HubTopic.Message(Direction.COMMAND, device, "reboot", "bin", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {D, G, A, "A:edge01:app:seven", "d:quickstart:x:y"})
    void findsTheWayBackToTheClientId(String clientId) {
        assertEquals(Optional.of(clientId), hub.clientId(who(clientId)));
    }

    // Members of a shared application have one client id in common, so none of them has it for itself.
    @Test
    void knowsNoClientIdOfANamelessMember() {
        assertEquals(Optional.empty(), hub.clientId(who("A:edge01:app")));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "iot-2/type/meter/id/m-7/cmd/+/fmt/+, meter/m-7",
            "iotdm-1/type/meter/id/m-7/#, meter/m-7",
            "iot-2/type/gw/id/g-1/cmd/+/fmt/+, -",
            "iot-2/type/meter/id/+/cmd/+/fmt/+, -",
            "iot-2/type/+/id/m-7/cmd/+/fmt/+, -",
            "iot-2/cmd/+/fmt/+, -"})
    void tellsWhomAGatewaysFilterIsAbout(String filter, String device) {
        assertEquals(Optional.ofNullable(device), hub.subject(who(G), filter).map(DeviceId::toString));
    }

    @Test
    void knowsItsClients() {
        HubIdentity device = who(D);
        assertEquals(HubIdentity.Kind.DEVICE, device.kind());
        assertEquals("edge01", device.org());
        assertEquals(Optional.of(new DeviceId("thermostat", "t-1")), device.device());
        assertEquals(HubIdentity.Kind.GATEWAY, who(G).kind());
        assertEquals(Optional.of("app"), who(A).application());
        HubIdentity member = who("A:edge01:app:seven");
        assertEquals(HubIdentity.Kind.SHARED_APPLICATION, member.kind());
        assertEquals(Optional.of("seven"), member.instance());
        assertEquals(Optional.empty(), who("A:edge01:app").instance());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d", "dev1", "mosq-1234", "x:edge01:a:b", "D:edge01:a:b", "$SYS"})
    void leavesOthersToOthers(String clientId) {
        assertEquals(Optional.empty(), hub.identify(clientId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"d:", "d:edge01", "d:edge01:a", "d:edge01:a:b:c", "d::a:b", "d:edge01::b", "d:edge01:a:", "d:edge1:a:b",
            "d:edge01:a/b:c", "d:edge01:a:+", "d:edge01:#:b", "d:edge01:a:b\u0000", "d:edge01:a:\ud800", "g:edge01:a", "a:edge01", "a:edge01:a:b",
            "A:edge01:a:b:c", "A:edge01:", "g:quickstart:a:b", "A:quickstart:a", "d:edge01:a:1234567890123456789012345678901234567"})
    void refusesWhatIsMalformed(String clientId) {
        String message = assertThrows(IllegalArgumentException.class, () -> hub.identify(clientId)).getMessage();
        assertTrue(message.chars().allMatch(c -> c >= 0x20 && c < 0x7f), message);
    }

    private HubIdentity who(String clientId) {
        return hub.identify(clientId).orElseThrow();
    }
}
