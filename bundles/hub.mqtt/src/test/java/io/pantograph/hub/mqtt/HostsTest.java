package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Departure;
import io.pantograph.hub.mqtt.TestHub.Guest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

/** Rules of several clouds behind one door. */
class HostsTest {

    @TempDir
    Path home;

    private static void add(TestHub hub, OtherRules rules, int ranking) {
        hub.doors.addRules(rules, Map.of(Constants.SERVICE_ID, 2L, Constants.SERVICE_RANKING, ranking));
    }

    @Test
    void asksInTheOrderOfRanking() throws Exception {
        OtherRules rules = new OtherRules();
        try (TestHub hub = new TestHub(home)) {
            add(hub, rules, 100);
            hub.guest("x:one").close();
            assertEquals("x:one", rules.arrivals.poll(10, TimeUnit.SECONDS).clientId());
            hub.guest("d:one").close();
            assertEquals("d:one", hub.rules.arrivals.poll(10, TimeUnit.SECONDS).clientId());
            hub.doors.removeRules(rules);
            add(hub, rules, -100);
            MqttException refused = assertThrows(MqttException.class, () -> hub.guest("x:one").close());
            assertEquals(MqttException.REASON_CODE_INVALID_CLIENT_ID, refused.getReasonCode(), "the other one claims everything");
        }
    }

    @Test
    void seesOffTheGuestsOfRulesThatGoAndNobodyElse() throws Exception {
        OtherRules rules = new OtherRules();
        try (TestHub hub = new TestHub(home)) {
            add(hub, rules, 1);
            try (Guest device = hub.guest("d:stays"); Guest other = hub.guest("x:goes")) {
                hub.doors.removeRules(rules);
                assertEquals(Departure.Cause.SHUTDOWN, rules.departures.poll().cause(), "they are told before they are gone");
                assertTrue(other.lost());
                device.say("eat", "still here", 1);
                assertEquals("still here", hub.rules.eaten.poll(10, TimeUnit.SECONDS));
            }
            assertTrue(rules.departures.isEmpty());
        }
    }

    // A refusal by the cloud that claims everything would be final for a client of the one that is late.
    @Test
    void letsLoginsWaitForRulesThatAreToCome() throws Exception {
        OtherRules rules = new OtherRules();
        AtomicBoolean missing = new AtomicBoolean(true);
        try (TestHub hub = new TestHub(home)) {
            hub.broker.expect(missing::get);
            try (Wire wire = new Wire(hub.at.mqtt()).say(Wire.connectPacket("x:early"))) {
                assertFalse(hub.rules.attempts.poll(200, TimeUnit.MILLISECONDS) != null, "it was asked too early");
                missing.set(false);
                add(hub, rules, 1);
                assertEquals(0, wire.hear(4)[3]);
            }
            assertEquals("x:early", rules.arrivals.poll(10, TimeUnit.SECONDS).clientId());
        }
    }

    @Test
    void refusesWhatNobodyClaims() throws Exception {
        OtherRules rules = new OtherRules();
        try (TestHub hub = new TestHub(home)) {
            add(hub, rules, 1);
            hub.doors.removeRules(hub.rules);
            assertEquals(2, refusal(hub));
            hub.doors.removeRules(rules);
            assertEquals(3, refusal(hub));
        }
    }

    private static int refusal(TestHub hub) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        return assertThrows(MqttException.class, () -> hub.guest("d:one", "tcp://127.0.0.1:" + hub.at.mqtt(), options).close()).getReasonCode();
    }
}
