package io.pantograph.dialect.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.Sas;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private final AzureDialect dialect = new AzureDialect();

    // Where a device goes must not surprise: each way to name a host, alone and with the others.
    @ParameterizedTest(name = "{0} with {1}, stand-in {2} -> {3}")
    @CsvSource(delimiter = '|', textBlock = """
            HostName=h.net | | false | tls://h.net:8883
            HostName=h.net | port=1234 | false | tls://h.net:1234
            HostName=h.net | transport=websocket | false | wss://h.net:443/$iothub/websocket
            HostName=h.net | transport=websocket,port=18443 | false | wss://h.net:18443/$iothub/websocket
            HostName=h.net;GatewayHostName=edge | | false | tls://edge:8883
            HostName=h.net;GatewayHostName=edge:18883 | | false | tls://edge:18883
            HostName=h.net;GatewayHostName=127.0.0.1:18443 | transport=websocket | false | wss://127.0.0.1:18443/$iothub/websocket
            HostName=h.net;GatewayHostName=edge:18883 | port=9 | false | tls://edge:9
            HostName=h.net;GatewayHostName=[::1]:18883 | | false | tls://::1:18883
            HostName=h.net;GatewayHostName=::1 | | false | tls://::1:8883
            HostName=127.0.0.1 | | false | tls://127.0.0.1:8883
            HostName=h.net | | true | tls://h.net:8883
            HostName=127.0.0.1 | | true | tls://127.0.0.1:40883
            HostName=localhost | | true | tls://localhost:40883
            HostName=LOCALHOST | | true | tls://LOCALHOST:40883
            HostName=::1 | | true | tls://::1:40883
            HostName=127.0.0.1 | transport=websocket | true | wss://127.0.0.1:40883/$iothub/websocket
            HostName=127.0.0.1 | port=9 | true | tls://127.0.0.1:9
            HostName=127.example.org | | true | tls://127.example.org:8883
            HostName=h.net;GatewayHostName=localhost | | true | tls://localhost:40883
            HostName=127.0.0.1;GatewayHostName=edge | | true | tls://edge:8883
            """)
    void findsTheHost(String string, String more, boolean standIn, String endpoint) {
        Map<String, String> settings = Given.settings(more);
        settings.put("connection-string", string + ";DeviceId=d;SharedAccessKey=" + Given.KEY);
        assertEquals(endpoint, dialect.profile(settings, standIn ? Given.STAND_IN : Defaults.NONE).endpoint().toString());
    }

    // The hub on another machine of the shop floor: known to devices by its name, and to the gateway by name and port.
    @Test
    void aStandInByTheSameNameHasThePort() {
        Defaults other = new Defaults(Optional.of("hub.example.org"), OptionalInt.of(40883), OptionalInt.empty());
        String string = "HostName=Hub.Example.org;DeviceId=d;SharedAccessKey=" + Given.KEY;
        assertEquals(40883, dialect.profile(Map.of("connection-string", string), other).endpoint().port());
        assertEquals(8883, dialect.profile(Map.of("connection-string", string.replace("Hub", "hub2")), other).endpoint().port());
        Defaults unported = new Defaults(Optional.of("hub.example.org"), OptionalInt.empty(), OptionalInt.empty());
        assertEquals(8883, dialect.profile(Map.of("connection-string", string), unported).endpoint().port());
    }

    // Each way to say who and where: as one string in any spelling, or one by one.
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            HostName=h.net;DeviceId=d;SharedAccessKey=KEY | | h.net d
            hostname=h.net;deviceid=d;sharedaccesskey=KEY | | h.net d
            HOSTNAME=h.net;DEVICEID=d;SHAREDACCESSKEY=KEY | | h.net d
            SharedAccessKey=KEY;DeviceId=d;HostName=h.net | | h.net d
            HostName=h.net;DeviceId=d;SharedAccessKey=KEY; | | h.net d
            HostName=h.net;DeviceId=d;SharedAccessKey=KEY;x509=false | | h.net d
            HostName=h.net;DeviceId=d;ModuleId=m;SharedAccessKey=KEY | | h.net d/m
            HostName=h.net;DeviceId=a%20b;SharedAccessKey=KEY | | WRONG
            HostName=h.net;DeviceId=a%3db;SharedAccessKey=KEY | | h.net a=b
            HostName=h.net;DeviceId=a@b!;SharedAccessKey=KEY | | h.net a@b!
            HostName=h.net;DeviceId=d;SharedAccessSignature=TOKEN | | h.net d
            HostName=h.net;DeviceId=d;x509=true | x509-certificate=a,x509-key=b | h.net d
            HostName=h.net;DeviceId=d;X509=True | x509-certificate=a,x509-key=b | h.net d
            HostName=h.net;DeviceId=d | x509-certificate=a,x509-key=b | h.net d
            | host=h.net,device-id=d,shared-access-key=KEY | h.net d
            | host=h.net,device-id=d,module-id=m,shared-access-key=KEY | h.net d/m
            | host=h.net,device-id=d,shared-access-signature=TOKEN | h.net d
            | host=h.net,device-id=d,x509-certificate=a,x509-key=b | h.net d
            | host=h.net,device-id=d,shared-access-key=KEY,gateway-host=edge:1 | h.net d
            | device-id=d,shared-access-key=KEY | localhost d
            """)
    void knowsWhoItIs(String string, String more, String who) throws Exception {
        Map<String, String> settings = settings(string, more);
        if (who.equals("WRONG")) {
            assertThrows(IllegalArgumentException.class, () -> dialect.profile(settings, Given.STAND_IN));
            return;
        }
        var login = dialect.profile(settings, Given.STAND_IN).login(Given.NOW);
        String[] parts = who.split(" ");
        assertEquals(parts[1], login.clientId());
        assertTrue(login.user().orElseThrow().startsWith(parts[0] + '/' + parts[1] + "/?api-version="), login.user().toString());
    }

    private static Map<String, String> settings(String string, String more) {
        String token = Sas.make("h.net/devices/d", Secret.of(Given.KEY), Given.NOW.plusSeconds(60), Optional.empty());
        Map<String, String> settings = Given.settings(more);
        settings.replaceAll((name, value) -> value.replace("KEY", Given.KEY).replace("TOKEN", token));
        if (string != null) {
            settings.put("connection-string", string.replace("KEY", Given.KEY).replace("TOKEN", token).replace("SHAREDACCESS" + Given.KEY, "SHAREDACCESSKEY"));
        }
        return settings;
    }

    // Each line of a wrong file must tell the operator what to change, and where.
    @ParameterizedTest(name = "{0} {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
            | | device-id is missing: a device needs a connection-string; or host, device-id and one of
            | device-id=d,shared-access-key=KEY | host is missing: a device needs
            | host=h.net,device-id=d | a device needs a connection-string; or host
            | host=h.net,device-id=d,shared-access-key=s3cret | shared-access-key must be 16 to 64 bytes in base64
            | host=h.net,device-id=d,shared-access-key=KEY,shared-access-signature=TOKEN | this device has a key and a signature
            | host=h.net,device-id=d,shared-access-key=KEY,x509-certificate=a,x509-key=b | this device has a key and a certificate
            | host=h.net,device-id=d,x509-certificate=a | x509-key is missing
            | host=h.net,device-id=d,x509-key=b | x509-certificate is missing
            | host=h.net,device-id=d,shared-access-signature=s3cret | shared-access-signature: a token begins with
            | host=other.net,device-id=d,shared-access-signature=TOKEN | it is for h.net/devices/d, not for other.net/devices/d
            | host=h.net,device-id=d2,shared-access-signature=TOKEN | it is for h.net/devices/d, not for h.net/devices/d2
            | host=h.net,device-id=d,shared-access-signature=TOKEN,sas-life-s=60 | sas-life-s is for tokens that are made here
            | host=https://h.net,device-id=d,shared-access-key=KEY | host 'https://h.net' must be a host's name
            | host=h.net:8883,device-id=d,shared-access-key=KEY | without a scheme and a port
            | host=h_net,device-id=d,shared-access-key=KEY | host 'h_net' must be a host's name
            | host=h.net,device-id=a/b,shared-access-key=KEY | device-id 'a/b' must be 1 to 128 characters of
            | host=h.net,device-id=a+b,shared-access-key=KEY | device-id 'a+b' must be
            | host=h.net,device-id=a#b,shared-access-key=KEY | device-id 'a#b' must be
            | host=h.net,device-id=a~b,shared-access-key=KEY | device-id 'a~b' must be
            | host=h.net,device-id=d,module-id=a b,shared-access-key=KEY | module-id 'a b' must be
            | host=h.net,device-id=d,shared-access-key=KEY,gateway-host=edge:0 | gateway-host 'edge:0' must have a port of 1 to 65535
            | host=h.net,device-id=d,shared-access-key=KEY,gateway-host=edge:x | gateway-host 'edge:x' must have a port
            | host=h.net,device-id=d,shared-access-key=KEY,gateway-host=https://edge | gateway-host 'https://edge' must
            CS | device-id=d,host=h.net | host, device-id cannot stand beside connection-string
            CS | shared-access-key=KEY | shared-access-key cannot stand beside connection-string
            CS | x509-certificate=a,x509-key=b | connection-string has a key and a certificate
            HostName=h.net;DeviceId=d;x509=true | | x509-certificate is missing: a certificate needs two files
            HostName=h.net;DeviceId=d;x509=true | x509-certificate=a | x509-key is missing
            HostName=h.net;DeviceId=d;SharedAccessKey=KEY;x509=true | | connection-string has x509=true and a key
            HostName=h.net;DeviceId=d;SharedAccessKey=KEY;SharedAccessSignature=TOKEN | | connection-string has a key and a signature
            HostName=h.net;DeviceId=d | | connection-string needs a SharedAccessKey
            HostName=h.net;SharedAccessKey=KEY | | connection-string: DeviceId is missing
            DeviceId=d;SharedAccessKey=KEY | | connection-string: HostName is missing
            HostName=;DeviceId=d;SharedAccessKey=KEY | | connection-string: HostName is missing
            HostName=h.net;DeviceId=;SharedAccessKey=KEY | | connection-string: DeviceId is missing
            HostName=h.net;DeviceId=%zz;SharedAccessKey=KEY | | connection-string: after % must come two hexadecimal digits
            HostName=h.net;SharedAccessKeyName=iothubowner;SharedAccessKey=KEY | | connection-string is one for a service
            HostName=h.net;DeviceId=d;SharedAccessKey=s3cret | | connection-string: SharedAccessKey must be
            HostName=h.net;DeviceId=d;SharedAccessKey=KEY;Nonsense=s3cret | | connection-string: 'Nonsense' in the connection string is unknown
            HostName=h.net;DeviceId=d;DeviceId=e;SharedAccessKey=KEY | | connection-string: DeviceId stands twice
            HostName=h.net/x;DeviceId=d;SharedAccessKey=KEY | | connection-string: HostName 'h.net/x' must be
            HostName=h.net:8883;DeviceId=d;SharedAccessKey=KEY | | HostName in connection-string 'h.net:8883' must be
            s3cret | | connection-string: a connection string is Name=value
            CS | sas-life-s=9 | sas-life-s '9' must be a whole number of 10 to 31536000
            CS | sas-life-s=31536001 | sas-life-s '31536001' must be
            CS | keep-alive-s=4 | keep-alive-s '4' must be a whole number of 5 to 1177
            CS | method-patience-s=301 | method-patience-s '301' must be a whole number of 1 to 300
            CS | port=65536 | port '65536' must be
            CS | transport=amqp | transport 'amqp' must be mqtt or websocket
            CS | clean-session=no | clean-session 'no' must be true or false
            CS | device-type=a b | device type 'a b' must be
            CS | model-id=Thermostat | model-id 'Thermostat' must be a model's name of at most 128 characters, such as dtmi:com:example:Thermostat;1
            CS | model-id=dtmi:com:example:Thermostat | model-id 'dtmi:com:example:Thermostat' must
            CS | model-id=dtmi:com:1x;1 | model-id 'dtmi:com:1x;1' must
            CS | model-id=dtmi:com:x_;1 | model-id 'dtmi:com:x_;1' must
            CS | model-id=dtmi:com:x;0 | model-id 'dtmi:com:x;0' must
            CS | c2d-format=a/b | c2d-format 'a/b' must be
            CS | event-property=$.mid | event-property '$.mid' must be the name of an application property
            CS | codec-property=$.mid | codec-property '$.mid' must be the name of an application property
            CS | codec-property=a,event-property=a | codec-property 'a' is the event-property already
            CS | product-info=caf\u00e9 | product-info 'caf\\u00e9' must be
            CS | devise-id=d | unknown setting 'devise-id'; an Azure device knows c2d-format, clean-session, codec-property, connection-string,
            """)
    void saysWhatIsWrong(String string, String more, String message) {
        Map<String, String> settings = settings("CS".equals(string) ? "HostName=h.net;DeviceId=d;SharedAccessKey=KEY" : string, more);
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> dialect.profile(settings, Defaults.NONE));
        assertTrue(wrong.getMessage().contains(message), wrong.getMessage());
        assertTrue(Arrays.stream(new String[] {"s3cret", Given.KEY, "sig="}).noneMatch(wrong.getMessage()::contains), wrong.getMessage());
        assertEquals(null, wrong.getCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\nb", "a\ud800", "\u00e4"})
    void hostileNamesAreShownHarmless(String id) {
        Map<String, String> settings = new HashMap<>(Map.of("host", "h.net", "shared-access-key", Given.KEY, "device-id", id));
        String message = assertThrows(IllegalArgumentException.class, () -> dialect.profile(settings, Defaults.NONE)).getMessage();
        assertTrue(message.chars().allMatch(c -> c >= 0x20 && c < 0x7f), message);
    }

    @Test
    void idsMayBeLong() {
        String longest = "x".repeat(128);
        Map<String, String> settings = new HashMap<>(Map.of("host", "h.net", "shared-access-key", Given.KEY, "device-id", longest));
        assertEquals(longest, dialect.profile(settings, Defaults.NONE).device().name());
        settings.put("device-id", longest + "x");
        assertThrows(IllegalArgumentException.class, () -> dialect.profile(settings, Defaults.NONE));
        settings.put("device-id", "x".repeat(100));
        settings.put("module-id", "m".repeat(27));
        assertEquals(128, dialect.profile(settings, Defaults.NONE).device().name().length());
        settings.put("module-id", "m".repeat(28));
        String message = assertThrows(IllegalArgumentException.class, () -> dialect.profile(settings, Defaults.NONE)).getMessage();
        assertTrue(message.contains("have 129 characters together"), message);
    }

    @Test
    void anEmptyValueIsAsGoodAsNone() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("connection-string", "  " + Given.DEVICE + "\n", "host", "", "device-id", " ", "id-scope", "",
                "sas-life-s", "", "x509-key", ""));
        assertEquals(Duration.ofHours(1), dialect.profile(settings, Defaults.NONE).login(Given.NOW).validFor().orElseThrow());
    }

    @Test
    void nothingPrintsASecret() throws Exception {
        Profile profile = Given.device("");
        assertFalse((profile + " " + profile.login(Given.NOW)).contains(Given.KEY));
        assertFalse(profile.login(Given.NOW).toString().contains("sig="));
    }

    // A tool that shows the form must show what the dialect knows, all of it and nothing else.
    @Test
    void whatIsDescribedIsWhatThereIs() {
        Set<String> described = Arrays.stream(DeviceForm.class.getDeclaredMethods()).map(method -> method.getName().replace("$_$", "-"))
                .filter(name -> !name.equals("dialect")).collect(Collectors.toCollection(TreeSet::new));
        String message = assertThrows(IllegalArgumentException.class, () -> dialect.profile(Map.of("?", ""), Defaults.NONE)).getMessage();
        assertEquals(String.join(", ", described), message.substring(message.indexOf("knows ") + 6));
    }
}
