package io.pantograph.dialect.watson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.ManagementGrammar;
import io.pantograph.api.dialect.ManagementGrammar.Firmware;
import io.pantograph.api.dialect.ManagementGrammar.Image;
import io.pantograph.api.dialect.ManagementGrammar.Kind;
import io.pantograph.api.dialect.ManagementGrammar.Letter;
import io.pantograph.api.dialect.ManagementGrammar.Manageable;
import io.pantograph.api.dialect.ManagementGrammar.Request;
import io.pantograph.api.dialect.ManagementGrammar.Update;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Qos;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Device Management Protocol, a row for each topic that its manual has. */
class ManagementTest {

    private static Profile profile(boolean gateway) {
        return new WatsonDialect().profile(Map.of("org", "edge01", "type", gateway ? "gw" : "thermostat", "id", gateway ? "g-1" : "t-1", "auth-token",
                "secret", "gateway", String.valueOf(gateway)), new Defaults(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty()));
    }

    private static final ManagementGrammar DEVICE = profile(false).management().orElseThrow();
    private static final ManagementGrammar GATEWAY = profile(true).management().orElseThrow();

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            response                                     | ANSWER        | -               | -
            mgmt/initiate/device/reboot                  | REBOOT        | -               | -
            mgmt/initiate/device/factory_reset           | FACTORY_RESET | -               | -
            device/update                                | UPDATE        | -               | -
            observe                                      | OBSERVE       | -               | -
            cancel                                       | CANCEL        | -               | -
            mgmt/initiate/firmware/download              | DOWNLOAD      | -               | -
            mgmt/initiate/firmware/update                | INSTALL       | -               | -
            mgmt/custom/osgi-actions-v1/install          | ACTION        | osgi-actions-v1 | install
            mgmt/custom/a.b_c-1/D_2                      | ACTION        | a.b_c-1         | D_2
            """)
    void readsWhatTheServerAsks(String topic, Kind kind, String extension, String action) {
        for (boolean gateway : new boolean[] {false, true}) {
            Inbound.Managed read = (Inbound.Managed) profile(gateway).read((gateway ? "iotdm-1/type/gw/id/g-1/" : "iotdm-1/") + topic, Bytes.utf8("{}"));
            assertEquals(kind, read.kind());
            assertEquals(Optional.ofNullable(extension).orElse(""), read.extension());
            assertEquals(Optional.ofNullable(action).orElse(""), read.action());
            assertEquals(gateway ? "gw/g-1" : "thermostat/t-1", read.device().toString());
            assertEquals("{}", read.payload().text());
        }
    }

    @ParameterizedTest
    @CsvSource({"iotdm-1/", "iotdm-1/mgmt", "iotdm-1/mgmt/initiate/device", "iotdm-1/mgmt/initiate/device/reboot/now", "iotdm-1/mgmt/custom/a",
            "iotdm-1/mgmt/custom/a/b/c", "iotdm-1/mgmt/custom//b", "iotdm-1/mgmt/custom/a/+", "iotdm-2/observe",
            "iotdm-1/type/thermostat/id/t-1/observe"})
    void whatIsNoRequestIsUnreadable(String topic) {
        assertTrue(profile(false).read(topic, Bytes.EMPTY) instanceof Inbound.Unreadable, topic);
    }

    @Test
    void aGatewayIsAskedInItsOwnNameOnly() {
        assertTrue(profile(true).read("iotdm-1/type/gw/id/g-2/observe", Bytes.EMPTY) instanceof Inbound.Unreadable);
        assertTrue(profile(true).read("iotdm-1/observe", Bytes.EMPTY) instanceof Inbound.Unreadable);
    }

    @Test
    void subscribesToAllThatTheServerAsks() {
        assertEquals(List.of(new Subscription("iotdm-1/#", Qos.AT_LEAST_ONCE)), DEVICE.subscriptions());
        assertEquals(List.of(new Subscription("iotdm-1/type/gw/id/g-1/#", Qos.AT_LEAST_ONCE)), GATEWAY.subscriptions());
        assertEquals(Optional.empty(), new WatsonDialect().profile(Map.of("id", "t-1"), new Defaults(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(),
                Optional.empty())).management(), "Quickstart devices are not managed");
    }

    @Test
    void writesWhatTheManualHas() {
        Manageable plain = new Manageable(Duration.ZERO, false, true, Set.of("osgi-actions-v1"), Values.of("fwVersion", "0.1.0"));
        says("iotdevice-1/mgmt/manage", "{d={supports={deviceActions=false, firmwareActions=true, osgi-actions-v1=true}, deviceInfo={fwVersion=0.1.0}}, reqId=1}",
                DEVICE.manageable("1", plain));
        says("iotdevice-1/type/gw/id/g-1/mgmt/manage",
                "{d={lifetime=7200, supports={deviceActions=true, firmwareActions=false}, deviceInfo={}}, reqId=2}",
                GATEWAY.manageable("2", new Manageable(Duration.ofHours(2), true, false, Set.of(), Values.EMPTY)));
        says("iotdevice-1/response", "{rc=202, reqId=a}", DEVICE.answer("a", 202, Optional.empty()));
        says("iotdevice-1/type/gw/id/g-1/response", "{rc=500, message=it is broken, reqId=a}", GATEWAY.answer("a", 500, Optional.of("it is broken")));
        says("iotdevice-1/response", "{rc=200, d={fields=[{field=mgmt.firmware, value={version=1.1.0, name=n, uri=http://h/f, verifier=ab, state=2, updateStatus=1}}]}, reqId=a}",
                DEVICE.observed("a", new Firmware("n", "1.1.0", "http://h/f", "ab"), Image.HERE, Update.UNDER_WAY));
        says("iotdevice-1/notify", "{d={fields=[{field=mgmt.firmware, value={state=1}}]}}", DEVICE.changed(Optional.of(Image.COMING), Optional.empty()));
        says("iotdevice-1/notify", "{d={fields=[{field=mgmt.firmware, value={state=0, updateStatus=4}}]}}",
                DEVICE.changed(Optional.of(Image.NONE), Optional.of(Update.NOT_VERIFIED)));
        says("iotdevice-1/add/diag/log", "{d={message=it failed, timestamp=2026-11-21T12:00:00.123Z, severity=2}, reqId=3}",
                DEVICE.log("3", Instant.parse("2026-11-21T12:00:00.123456Z"), 2, "it failed"));
        says("iotdevice-1/add/diag/errorCodes", "{d={errorCode=7}, reqId=4}", DEVICE.errorCode("4", 7));
    }

    private static void says(String topic, String body, Letter letter) {
        assertEquals(topic, letter.topic());
        assertEquals(body, letter.body().toString());
        assertEquals(Qos.AT_LEAST_ONCE, letter.frame(Bytes.EMPTY).qos());
    }

    @ParameterizedTest
    @CsvSource({"NONE,0", "COMING,1", "HERE,2"})
    void statesHaveTheirNumbers(Image image, int number) {
        assertTrue(DEVICE.changed(Optional.of(image), Optional.empty()).body().toString().contains("state=" + number + "}"));
    }

    @ParameterizedTest
    @CsvSource({"DONE,0", "UNDER_WAY,1", "OUT_OF_MEMORY,2", "CONNECTION_LOST,3", "NOT_VERIFIED,4", "NOT_SUPPORTED,5", "NO_SUCH_PLACE,6"})
    void outcomesHaveTheirNumbers(Update update, int number) {
        assertTrue(DEVICE.changed(Optional.empty(), Optional.of(update)).body().toString().contains("updateStatus=" + number + "}"));
    }

    private static Request read(Kind kind, Values body) {
        return DEVICE.request(new Inbound.Managed(profile(false).device(), kind, Bytes.EMPTY), body);
    }

    private static Values fields(String request, Values... fields) {
        return Values.of("d", Values.of("fields", List.of(fields)), "reqId", request);
    }

    @Test
    void takesRequestsApart() {
        Request update = read(Kind.UPDATE, fields("r", Values.of("field", "mgmt.firmware", "value", Values.builder().put("version", "1.1.0").put("name", "n")
                .put("uri", "http://h/f").put("verifier", "ab").put("state", 0).put("updateStatus", 0).put("updatedDateTime", "").build())));
        assertEquals(Optional.of(new Firmware("n", "1.1.0", "http://h/f", "ab")), update.firmware());
        assertEquals(Optional.of("r"), update.id());
        Request partly = read(Kind.UPDATE, fields("r", Values.of("field", "mgmt.firmware", "value", Values.of("uri", "http://h/f", "name", null))));
        assertEquals(Optional.of(new Firmware("", "", "http://h/f", "")), partly.firmware());

        Request kept = read(Kind.UPDATE, fields("r", Values.of("field", "metadata", "value", Values.of("a", 1)), Values.of("field", "colour", "value", "red")));
        assertEquals(List.of("colour"), kept.unknown());
        Request location = read(Kind.UPDATE, Values.of("d", Values.of("fields", List.of(Values.of("field", "location", "value", Values.EMPTY)))));
        assertEquals(Optional.empty(), location.id(), "no answer is wanted");
        assertEquals(List.of(), location.unknown());

        Request observe = read(Kind.OBSERVE, fields("r", Values.of("field", "mgmt.firmware"), Values.of("field", "metadata")));
        assertEquals(Optional.of(Firmware.NONE), observe.firmware());
        assertEquals(List.of("metadata"), observe.unknown());

        Request action = read(Kind.ACTION, fields("r", Values.of("field", "url", "value", "http://h"), Values.of("field", "version", "value", "")));
        assertEquals(Values.of("url", "http://h", "version", ""), action.fields());
        assertEquals(List.of(), action.unknown());
        assertEquals(Values.EMPTY, read(Kind.REBOOT, Values.of("reqId", "r")).fields());
        assertEquals(Values.EMPTY, read(Kind.REBOOT, Values.of("reqId", "r", "d", Values.EMPTY)).fields());
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThrows(IllegalArgumentException.class, () -> read(Kind.UPDATE, Values.of("d", Values.of("fields", "all"))));
        assertThrows(IllegalArgumentException.class, () -> read(Kind.UPDATE, Values.of("d", Values.of("fields", List.of("all")))));
        assertThrows(IllegalArgumentException.class, () -> read(Kind.UPDATE, fields("r", Values.of("value", 1))));
        assertThrows(IllegalArgumentException.class, () -> read(Kind.UPDATE, fields("r", Values.of("field", "mgmt.firmware", "value", "1.1.0"))));
        assertThrows(IllegalArgumentException.class, () -> read(Kind.REBOOT, Values.of("reqId", "x".repeat(101))));
        assertThrows(IllegalArgumentException.class, () -> read(Kind.REBOOT, Values.of("reqId", 7)));
    }

    @Test
    void readsAnswers() {
        assertEquals(new ManagementGrammar.Answer("r", 200, ""), DEVICE.answered(Values.of("rc", 200, "reqId", "r")));
        assertEquals(new ManagementGrammar.Answer("r", 403, "not managed"), DEVICE.answered(Values.of("rc", 403, "message", "not managed", "reqId", "r")));
        assertThrows(IllegalArgumentException.class, () -> DEVICE.answered(Values.of("reqId", "r")));
    }
}
