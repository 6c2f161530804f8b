package io.pantograph.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

    private static final Secret KEY = Secret.of("MDEyMzQ1Njc4OWFiY2RlZg==");
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    @ParameterizedTest
    @CsvSource({"a b,a%20b", "a+b,a%2Bb", "é,%C3%A9", "100%,100%25", "a=b&c,a%3Db%26c", "$.mid,%24.mid", "~._-,~._-", "/,%2F", "😀,%F0%9F%98%80"})
    void encodes(String plain, String encoded) {
        assertEquals(encoded, Percent.encode(plain));
        assertEquals(plain, Percent.decode(encoded));
    }

    // Character by character, without making bytes first; so every kind of character is held against Java's own encoder.
    @Test
    void encodesAsJavaDoes() {
        Random random = new Random(11);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                switch (random.nextInt(4)) {
                    case 0 -> text.append((char) random.nextInt(0x80));
                    case 1 -> text.append((char) random.nextInt(0x800));
                    case 2 -> text.append((char) random.nextInt(0x10000)); // lone surrogates, too
                    default -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                }
            }
            String java = URLEncoder.encode(text.toString(), StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
            assertEquals(java, Percent.encode(text.toString()));
        }
    }

    @Test
    void aPlusIsNoSpace() {
        assertEquals("a+b", Percent.decode("a+b"));
        assertEquals("a/b", Percent.decode("a%2fb"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "%zz", "a%", "%C3", "%ff%fe"})
    void refusesBadEncoding(String bad) {
        assertThrows(IllegalArgumentException.class, () -> Percent.decode(bad));
    }

    @Test
    void anyBagComesBack() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            Map<String, String> bag = new LinkedHashMap<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                bag.put(text(random) + i, random.nextInt(6) == 0 ? null : text(random));
            }
            assertEquals(bag, Bag.read(Bag.write(bag)), () -> "of " + bag);
        }
    }

    private static String text(Random random) {
        int[] points = random.ints(random.nextInt(8), 1, 0x11000).filter(c -> c < 0xd800 || c > 0xdfff).toArray();
        return new String(points, 0, points.length);
    }

    @Test
    void readsBags() {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("$.mid", "1");
        expected.put("bare", null);
        expected.put("empty", "");
        expected.put("é", "a=b");
        assertEquals(expected, Bag.read("?%24.mid=1&bare&empty=&&%C3%A9=a=b"));
        assertEquals(Map.of(), Bag.read(""));
        assertThrows(IllegalArgumentException.class, () -> Bag.read("=x"));
    }

    @Test
    void verifiesOverTheResourceAsWritten() {
        // The same token as three clients write it: encoded, with small hexadecimal digits, and not at all.
        for (String written : Arrays.asList("h%2Fdevices%2Fd", "h%2fdevices%2fd", "h/devices/d")) {
            String signed = Sas.make("x", KEY, TIME, Optional.empty()); // for its form only
            assertTrue(signed.startsWith("SharedAccessSignature sr=x&sig="));
            String token = signed(written);
            Sas sas = Sas.parse(token);
            assertTrue(sas.signedBy(KEY), written);
            assertEquals("h/devices/d", sas.resource());
            assertFalse(Sas.parse(token.replace("&se=1700000000", "&se=1700000001")).signedBy(KEY));
            assertFalse(sas.signedBy(Secret.of("MDEyMzQ1Njc4OWFiY2RlZw==")));
            assertFalse(sas.signedBy(Secret.of("no base64!")));
        }
    }

    private static String signed(String written) {
        try {
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec("0123456789abcdef".getBytes(), "HmacSHA256"));
            byte[] signature = mac.doFinal((written + "\n1700000000").getBytes());
            return "SharedAccessSignature sig=" + java.net.URLEncoder.encode(java.util.Base64.getEncoder().encodeToString(signature), "UTF-8")
                    + "&se=1700000000&sr=" + written;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void makesWhatItReads() {
        Sas sas = Sas.parse(Sas.make("h/devices/d é", KEY, TIME, Optional.of("device")));
        assertTrue(sas.signedBy(KEY));
        assertEquals("h/devices/d é", sas.resource());
        assertEquals(Optional.of("device"), sas.policy());
        assertEquals(TIME, sas.expiry());
        assertFalse(sas.toString().contains("sig=" + "A"), sas.toString());
    }

    @ParameterizedTest
    @CsvSource({"h,h,/devices/d,true", "H,h,/devices/d,true", "h/devices,h,/devices/d,true", "h/devices/d,h,/devices/d,true", "h/devices/d,h,/devices/dd,false",
        "h/dev,h,/devices/d,false", "other,h,/devices/d,false", "h/devices/d,h,'',false", "h/,h,'',true", "h:443,h:443,'',true"})
    void coversLevelByLevel(String resource, String host, String path, boolean covers) {
        assertEquals(covers, Sas.parse(Sas.make(resource, KEY, TIME, Optional.empty())).covers(host, path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SharedAccessSignature ", "Bearer x", "SharedAccessSignature sr=a&sig=b", "SharedAccessSignature sr=a&se=1", "SharedAccessSignature sig=b&se=1",
        "SharedAccessSignature sr=a&sig=%%&se=1", "SharedAccessSignature sr=a&sig=YQ%3D%3D&se=soon", "SharedAccessSignature sr=a&sig=YQ%3D%3D&se=9999999999999999999"})
    void refusesWhatIsNoToken(String text) {
        assertThrows(IllegalArgumentException.class, () -> Sas.parse(text));
    }

    @Test
    void anEmptyPolicyIsNone() {
        assertEquals(Optional.empty(), Sas.parse("SharedAccessSignature sr=a&sig=YQ%3D%3D&se=1&skn=").policy());
    }

    @Test
    void derivesKeys() {
        assertEquals("8M6mrUxA+bGLtDtEp2RqN8yzcT+PQKQHD1Iiwd2gYBU=".length(), Sas.derived(KEY, "sensor").reveal().length());
        assertEquals(Sas.derived(KEY, "sensor"), Sas.derived(KEY, "sensor"));
        assertFalse(Sas.derived(KEY, "sensor").equals(Sas.derived(KEY, "sensor2")));
    }

    @Test
    void readsConnectionStrings() {
        ConnectionString device = ConnectionString.parse("hostname=h.example;DEVICEID=d%20e;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZg==;ModuleId=m;GatewayHostName=g:18443");
        assertEquals("h.example", device.hostName());
        assertEquals(Optional.of("d e"), device.deviceId());
        assertEquals(Optional.of("m"), device.moduleId());
        assertEquals(Optional.of("g:18443"), device.gatewayHostName());
        assertEquals(Optional.of(KEY), device.key());
        assertFalse(device.toString().contains("MDEy"), device.toString());
        assertTrue(ConnectionString.parse("HostName=h;DeviceId=d;x509=true").x509());
        assertEquals(Optional.of("iothubowner"), ConnectionString.parse("HostName=h;SharedAccessKeyName=iothubowner;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZg==").policy());
        assertEquals("SharedAccessSignature sr=a&sig=b%3D&se=1",
                ConnectionString.parse("HostName=h;DeviceId=d;SharedAccessSignature=SharedAccessSignature sr=a&sig=b%3D&se=1;").signature().orElseThrow().reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "DeviceId=d", "HostName=", "HostName=h;HostName=h", "HostName=https://h", "HostName=h;Colour=red", "HostName=h;nonsense",
        "HostName=h;SharedAccessKey=short", "HostName=h;SharedAccessKey=not base64 at all, is it"})
    void refusesBadConnectionStrings(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> ConnectionString.parse(text));
        assertFalse(refused.getMessage().contains("not base64 at all"), refused.getMessage());
    }
}
