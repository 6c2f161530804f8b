package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.NoLoginException;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.model.Secret;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Login;
import io.pantograph.azure.Sas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CONNECT as the cloud's own programs send it: client id, user name, token. */
class LoginTest {

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(delimiter = '|', textBlock = """
            HostName=h.net;DeviceId=dev1 | | dev1 | h.net/dev1/?api-version=2021-04-12&DeviceClientType=pantograph
            HostName=h.net;DeviceId=dev1 | model-id=dtmi:com:example:Thermostat;1 | dev1 | h.net/dev1/?api-version=2021-04-12&DeviceClientType=pantograph&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1
            HostName=h.net;DeviceId=dev1 | product-info=Acme (x/1) | dev1 | h.net/dev1/?api-version=2021-04-12&DeviceClientType=Acme%20%28x%2F1%29%20pantograph
            HostName=h.net;DeviceId=dev1;ModuleId=mod1 | | dev1/mod1 | h.net/dev1/mod1/?api-version=2021-04-12&DeviceClientType=pantograph
            HostName=h.net;DeviceId=dev1;GatewayHostName=edge:1883 | | dev1 | h.net/dev1/?api-version=2021-04-12&DeviceClientType=pantograph
            HostName=h.net;DeviceId=a%3Ab%40c%25 | | a:b@c% | h.net/a:b@c%/?api-version=2021-04-12&DeviceClientType=pantograph
            """)
    void saysWhoItIs(String string, String more, String clientId, String user) throws Exception {
        Login login = Given.profile(string + ";SharedAccessKey=" + Given.KEY, more).login(Given.NOW);
        assertEquals(clientId, login.clientId());
        assertEquals(user, login.user().orElseThrow());
        assertFalse(login.cleanSession());
        assertEquals(Duration.ofSeconds(60), login.keepAlive());
    }

    // Signed by hand once more: what the hub checks is HMAC-SHA256 over the resource as written, a line feed, and the time.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HostName=h.net;DeviceId=dev1 | h.net%2Fdevices%2Fdev1 | 3600
            HostName=h.net;DeviceId=dev1;ModuleId=mod1 | h.net%2Fdevices%2Fdev1%2Fmodules%2Fmod1 | 3600
            HostName=h.net;DeviceId=dev1;GatewayHostName=edge | h.net%2Fdevices%2Fdev1 | 10
            HostName=h.net;DeviceId=a%3Ab | h.net%2Fdevices%2Fa%3Ab | 31536000
            """)
    void makesATokenForEachLogin(String string, String resource, long life) throws Exception {
        Profile profile = Given.profile(string + ";SharedAccessKey=" + Given.KEY, life == 3600 ? "" : "sas-life-s=" + life);
        for (Instant now : new Instant[] {Given.NOW, Given.NOW.plusSeconds(77)}) {
            Login login = profile.login(now);
            long end = now.getEpochSecond() + life;
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("0123456789abcdef".getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal((resource + '\n' + end).getBytes(StandardCharsets.US_ASCII)));
            assertEquals("SharedAccessSignature sr=" + resource + "&sig=" + signature.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D") + "&se=" + end,
                    login.password().orElseThrow().reveal());
            assertEquals(Duration.ofSeconds(life), login.validFor().orElseThrow());
        }
    }

    @Test
    void aReadyMadeTokenLastsAsLongAsItLasts() throws Exception {
        Instant end = Given.NOW.plusSeconds(600);
        String token = Sas.make("h.net/devices/dev1", Secret.of(Given.KEY), end, Optional.empty());
        Profile profile = Given.profile("HostName=h.net;DeviceId=dev1;SharedAccessSignature=" + token, "");
        Login login = profile.login(Given.NOW.plusSeconds(100));
        assertEquals(token, login.password().orElseThrow().reveal());
        assertEquals(Duration.ofSeconds(500), login.validFor().orElseThrow());
        NoLoginException over = assertThrows(NoLoginException.class, () -> profile.login(end));
        assertEquals(Reason.EXPIRED_TOKEN, over.reason());
        assertTrue(over.getMessage().contains("h.net/devices/dev1 ended at 2026-03-01T12:10:00Z"), over.getMessage());
        assertFalse(over.getMessage().contains("sig="), over.getMessage());
    }

    @Test
    void aCertificateNeedsNoPassword() throws Exception {
        Profile profile = Given.profile("HostName=h.net;DeviceId=dev1;x509=true", "x509-certificate=conf/dev1.pem,x509-key=conf/dev1.key");
        Login login = profile.login(Given.NOW);
        assertEquals(Optional.empty(), login.password());
        assertEquals(Optional.empty(), login.validFor());
        assertTrue(login.user().orElseThrow().startsWith("h.net/dev1/?"), login.user().toString());
        assertEquals(Optional.of(new ClientCertificate("conf/dev1.pem", "conf/dev1.key")), profile.certificate());
        assertEquals(Optional.empty(), Given.device("").certificate());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            | device/dev1
            device-type=press | press/dev1
            model-id=dtmi:com:example:Thermostat;1 | Thermostat/dev1
            model-id=dtmi:com:example:Thermostat;1,device-type=press | press/dev1
            """)
    void hasATypeForHandlersToKnow(String more, String id) {
        assertEquals(id, Given.device(more).device().toString());
    }

    @Test
    void aModuleHasANameOfItsOwn() {
        assertEquals(new DeviceId("device", "dev1~mod1"), Given.profile(Given.MODULE, "").device());
    }

    @Test
    void mayForgetWhatTheHubKeeps() throws Exception {
        Login login = Given.device("clean-session=true,keep-alive-s=1177").login(Given.NOW);
        assertTrue(login.cleanSession());
        assertEquals(Duration.ofSeconds(1177), login.keepAlive());
    }

    // CONNACK 3 is all that MQTT 3.1.1 has for it; taken as a hub that is busy, we would knock at its door for ever.
    @Test
    void serverUnavailableMeansSwitchedOff() {
        Profile profile = Given.device("");
        assertEquals(Reason.DEVICE_DISABLED, profile.refusal(Reason.HUB_UNAVAILABLE));
        assertEquals(Reason.BAD_CREDENTIAL, profile.refusal(Reason.BAD_CREDENTIAL));
        assertEquals(Reason.NO_NETWORK, profile.refusal(Reason.NO_NETWORK));
    }
}
