package io.pantograph.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.SettingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheetTest {

    @TempDir
    Path home;

    private final Properties commandLine = new Properties();

    @BeforeEach
    void start() {
        commandLine.setProperty("pantograph.home", home.toString());
        commandLine.setProperty("java.version", "17");
    }

    @Test
    void readsBothPlacesAndTheCommandLineWins() throws Exception {
        file("pantograph.hub.mqtt.port=2883\npantograph.hub.watson.org=\u0020plant1 \n");
        commandLine.setProperty("pantograph.hub.mqtt.port", "3883");

        Sheet sheet = Sheet.read(commandLine);

        assertEquals(home.toAbsolutePath(), sheet.home());
        assertEquals(Optional.of("3883"), sheet.text("pantograph.hub.mqtt.port"));
        assertEquals(Optional.of("plant1"), sheet.text("pantograph.hub.watson.org"));
        assertEquals(Optional.empty(), sheet.text("pantograph.hub.names"));
    }

    @Test
    void keepsTheDataBesideWhereItWasStartedUnlessTold() throws Exception {
        commandLine.remove("pantograph.home");
        assertEquals(Path.of("pantograph-data").toAbsolutePath(), Sheet.read(commandLine).home());
    }

    // Each of these would otherwise show minutes later, in another room, as something else.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pantograph.hub.mqtt.port  | 65536      | not within 0 to 65535",
        "pantograph.hub.mqtts.port | -1         | not within 0 to 65535",
        "pantograph.hub.http.port  | 80a        | not a whole number",
        "pantograph.hub.https.port | 1883       | is also pantograph.hub.mqtt.port",
        "pantograph.bind           | 192.0.2.77 | not an address of this machine",
        "pantograph.hub.watson.org | Edge01     | not an organisation",
        "pantograph.hub.watson.org | edge1      | not an organisation",
        "pantograph.hub.names      | a.b,c d    | has 'c d'",
        "pantograph.hub.azure.host | a b        | neither a DNS name nor an address",
        "pantograph.hub.azure.scope | 0ne1      | not an id scope",
        "pantograph.hub.events.mib | 1          | not within 32 to 1048576",
        "pantograph.hub.events.hours | day      | not a whole number",
        "pantograph.hub.artifacts.mib | 0       | not within 1 to 1048576",
        "pantograph.gateway.rest.port | 1883    | is also pantograph.hub.mqtt.port",
        "pantograph.shell          | yes        | neither true nor false",
        "pantograph.hub.mqtt.prot  | 1883       | did you mean pantograph.hub.mqtt.port?",
        "pantograph.colour         | green      | --help lists them all",
    })
    void refusesWhatCannotWork(String key, String value, String why) throws Exception {
        commandLine.setProperty(key, value);
        refused(key, value, why);

        commandLine.remove(key);
        file(key + "=" + value + "\n");
        refused(key, value, why);
    }

    @Test
    void takesEveryPortAsZero() throws Exception {
        for (Known known : Known.values()) {
            if (known.isPort()) {
                commandLine.setProperty(known.key, "0");
            }
        }
        assertEquals(Optional.of("0"), Sheet.read(commandLine).text("pantograph.hub.http.port"));
    }

    @Test
    void refusesAnythingElseInTheFile() throws Exception {
        file("port=1883\n");
        refused("port", "1883", "is not a setting");
    }

    @Test
    void refusesAHomeNamedInsideItself() throws Exception {
        file("pantograph.home=elsewhere\n");
        refused("pantograph.home", "elsewhere", "take it out there");
    }

    @Test
    void refusesAFileThatIsNotText() throws Exception {
        Files.createDirectories(home.resolve("conf"));
        Files.write(home.resolve("conf/pantograph.properties"), new byte[] {(byte) 0xC0, (byte) 0x80, '=', '1'});
        refused("pantograph.home", home.toString(), "not text in UTF-8");
    }

    private void refused(String key, String value, String why) {
        SettingException refusal = assertThrows(SettingException.class, () -> Sheet.read(commandLine));
        String message = refusal.getMessage();
        assertTrue(message.startsWith(refusal.setting() + "="), message);
        assertTrue(message.contains(key) && message.contains(value) && message.contains(why), message);
        assertTrue(message.lines().count() == 1, message);
    }

    private void file(String text) throws Exception {
        Files.createDirectories(home.resolve("conf"));
        Files.write(home.resolve("conf/pantograph.properties"), text.getBytes(StandardCharsets.UTF_8));
    }
}
