package io.pantograph.dialect.watson;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.dialect.Reading;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.wire.Login;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Defaults STAND_IN =
            new Defaults(Optional.of("localhost"), OptionalInt.of(40883), OptionalInt.of(41883), Optional.of("shop-floor.example"));

    private final WatsonDialect dialect = new WatsonDialect();

    // Where a device goes must not surprise: each way to name a host, alone and with the others.
    @ParameterizedTest(name = "{0} with stand-in {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            | false | tls://edge01.messaging.internetofthings.ibmcloud.com:8883
            domain=example.org | false | tls://edge01.messaging.example.org:8883
            domain=localhost | false | tls://localhost:8883
            domain=10.1.2.3 | false | tls://10.1.2.3:8883
            domain=::1 | false | tls://::1:8883
            host=hub.example.org | false | tls://hub.example.org:8883
            host=hub.example.org,domain=example.net | false | tls://hub.example.org:8883
            domain=10.1.2.3.example | false | tls://edge01.messaging.10.1.2.3.example:8883
            port=443 | false | tls://edge01.messaging.internetofthings.ibmcloud.com:443
            port=443,transport=websockets | false | wss://edge01.messaging.internetofthings.ibmcloud.com:443/mqtt
            domain=localhost,tls=false | false | tcp://localhost:1883
            domain=127.0.0.9,tls=false,port=2883 | false | tcp://127.0.0.9:2883
            host=[::1],tls=FALSE,transport=WebSockets | false | ws://::1:1883/mqtt
            | true | tls://localhost:40883
            tls=false | true | tcp://localhost:41883
            port=9 | true | tls://localhost:9
            transport=websockets | true | wss://localhost:40883/mqtt
            domain=example.org | true | tls://edge01.messaging.example.org:8883
            host=127.0.0.1 | true | tls://127.0.0.1:8883
            org=quickstart | true | tcp://localhost:41883
            org=quickstart | false | tcp://quickstart.messaging.internetofthings.ibmcloud.com:1883
            org=quickstart,tls=true | true | tls://localhost:40883
            org=quickstart,domain=example.org | false | tcp://quickstart.messaging.example.org:1883
            """)
    void findsTheHost(String changes, boolean standIn, String endpoint) throws Exception {
        assertEquals(endpoint, dialect.profile(registered(changes), standIn ? STAND_IN : Defaults.NONE).endpoint().toString());
    }

    @Test
    void logsInAsTheOriginalClientsDo() throws Exception {
        Profile profile = dialect.profile(registered("clean-session=FALSE,keep-alive=45"), Defaults.NONE);
        Login login = profile.login(Instant.EPOCH);
        assertEquals("d:edge01:thermostat:t-1", login.clientId());
        assertEquals("use-token-auth", login.user().orElseThrow());
        assertEquals("s3cret-token", login.password().orElseThrow().reveal());
        assertFalse(login.cleanSession());
        assertEquals(Duration.ofSeconds(45), login.keepAlive());
        assertTrue(login.validFor().isEmpty());
        assertEquals(new DeviceId("thermostat", "t-1"), profile.device());
    }

    @Test
    void keepsNothingAtTheHubUnlessTold() throws Exception {
        assertTrue(dialect.profile(registered(""), Defaults.NONE).login(Instant.EPOCH).cleanSession());
        assertTrue(dialect.profile(registered("clean-session="), Defaults.NONE).login(Instant.EPOCH).cleanSession());
    }

    @Test
    void aGatewayLogsInAsOne() throws Exception {
        assertEquals("g:edge01:thermostat:t-1", dialect.profile(registered("gateway=true"), Defaults.NONE).login(Instant.EPOCH).clientId());
    }

    // The original promises that no options mean Quickstart, and then fails over the first missing key.
    @Test
    void noSettingsMeanQuickstart() throws Exception {
        Profile profile = dialect.profile(Map.of(), STAND_IN);
        Login login = profile.login(Instant.EPOCH);
        assertEquals("d:quickstart:device:shop-floor.example", login.clientId());
        assertTrue(login.user().isEmpty());
        assertTrue(login.password().isEmpty());
        assertTrue(login.cleanSession());
        assertEquals(List.of(), profile.subscriptions());
        profile.check(reading(Qos.AT_MOST_ONCE, 10));
        for (Qos qos : List.of(Qos.AT_LEAST_ONCE, Qos.EXACTLY_ONCE)) {
            DeliveryException refused = assertThrows(DeliveryException.class, () -> profile.check(reading(qos, 10)));
            assertEquals(DeliveryException.Reason.UNSUPPORTED, refused.reason());
            assertTrue(refused.getMessage().contains("Quickstart knows QoS 0 only"), refused.getMessage());
        }
    }

    @Test
    void aGatewayNameThatIsNoIdIsMadeOne() throws Exception {
        Defaults odd = new Defaults(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.of("M\u00fcller's gateway/1 " + "x".repeat(80)));
        assertEquals("M-ller-s-gateway-1-xxxxxxxxxxxxxxxxx", dialect.profile(Map.of(), odd).device().name());
    }

    @Test
    void anEmptyValueIsAsGoodAsNone() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("org", " ", "type", "", "id", "visitor", "auth-method", "", "auth-token", ""));
        assertEquals("d:quickstart:device:visitor", dialect.profile(settings, Defaults.NONE).login(Instant.EPOCH).clientId());
    }

    // Each line of a wrong file must tell the operator what to change, and where.
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            org= | org is missing: with an auth-token
            org=edge1 | org 'edge1' must be 6 characters
            org=edge-1 | org 'edge-1' must be 6 characters
            org=../../ | org '../../' must be 6 characters
            type= | type is missing
            type=a/b | type 'a/b' must be 1 to 36 characters of A-Z a-z 0-9 - _ .
            id=a+b | id 'a+b' must be 1 to 36
            id=a#b | id 'a#b' must be 1 to 36
            id=a b | id 'a b' must be 1 to 36
            id=a:b | id 'a:b' must be 1 to 36
            id=1234567890123456789012345678901234567 | must be 1 to 36 characters
            auth-token= | auth-token is missing
            auth-method=apikey | auth-method 'apikey' must be token
            clean-session=no | clean-session 'no' must be true or false
            port=0 | port '0' must be a whole number of 1 to 65535
            port=65536 | port '65536' must be a whole number
            port=mqtt | port 'mqtt' must be a whole number
            transport=udp | transport 'udp' must be tcp or websockets
            tls=false | tls 'false' is allowed to this machine only, not to edge01.messaging.internetofthings.ibmcloud.com
            tls=false,host=127.example.org | tls 'false' is allowed to this machine only
            tls=false,domain=10.0.0.1 | tls 'false' is allowed to this machine only
            tls=maybe | tls 'maybe' must be true or false
            domain=https://example.org | domain 'https://example.org' must be a host name
            host=localhost:8883 | host 'localhost:8883' must be a host name
            host=a b | host 'a b' must be a host name
            keep-alive=4 | keep-alive '4' must be a whole number of 5 to 3600
            orgg=edge01 | unknown setting 'orgg'; a Watson device knows auth-method, auth-token,
            org=quickstart,gateway=true | gateway 'true' needs a registration
            org=quickstart,clean-session=false | clean-session 'false' needs a registration
            """)
    void saysWhatIsWrong(String changes, String message) throws Exception {
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> dialect.profile(registered(changes), Defaults.NONE));
        assertTrue(wrong.getMessage().contains(message), wrong.getMessage());
        assertFalse(wrong.getMessage().contains("s3cret"), wrong.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\nb", "a\ud800", "\u00e4"})
    void hostileNamesAreShownHarmless(String id) throws Exception {
        Map<String, String> settings = new HashMap<>(registered(""));
        settings.put("id", id);
        String message = assertThrows(IllegalArgumentException.class, () -> dialect.profile(settings, Defaults.NONE)).getMessage();
        assertTrue(message.chars().allMatch(c -> c >= 0x20 && c < 0x7f), message);
    }

    // One byte over, and the platform drops the connection; a client that repeats the message never gets beyond it.
    @Test
    void whatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        Profile profile = dialect.profile(registered(""), Defaults.NONE);
        profile.check(reading(Qos.EXACTLY_ONCE, 131_072));
        DeliveryException refused = assertThrows(DeliveryException.class, () -> profile.check(reading(Qos.AT_LEAST_ONCE, 131_073)));
        assertEquals(DeliveryException.Reason.TOO_LARGE, refused.reason());
        assertTrue(refused.getMessage().contains("131073 bytes") && refused.getMessage().contains("at most 131072"), refused.getMessage());
    }

    private static Map<String, String> registered(String changes) {
        Map<String, String> settings = new HashMap<>(Map.of("org", "edge01", "type", "thermostat", "id", "t-1",
                "auth-method", "token", "auth-token", "s3cret-token"));
        if (changes != null) {
            for (String change : changes.split(",")) {
                int at = change.indexOf('=');
                if (at > 0) {
                    settings.put(change.substring(0, at), change.substring(at + 1));
                }
            }
        }
        return settings;
    }

    private static Reading reading(Qos qos, int payloadBytes) {
        return new Reading("status", "json", Bytes.wrap(new byte[payloadBytes]), qos, Map.of(), Optional.empty(), Optional.empty(), Instant.EPOCH,
                Optional.empty());
    }
}
