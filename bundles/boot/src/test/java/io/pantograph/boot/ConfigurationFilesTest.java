package io.pantograph.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFilesTest {

    @TempDir
    Path home;

    @Test
    void readsEveryFileAndTheLaterWins() throws Exception {
        file("10-first.json", "{\":remark\": 1, \"a.b\": {\"n\": 1, \"d\": 1.5, \"t\": \"x\", \"f\": true}, \"c~1\": {\"n\": 1}}");
        file("20-then.json", "{\"c~1\": {\"n\": 2, \"list\": [\"x\", 3]}}");
        file("other.txt", "no JSON");
        file("deployment.json", "{\"bundles\": {\"x\": null}}"); // for the installer

        Map<String, Dictionary<String, Object>> all = new ConfigurationFiles(home).read();

        assertEquals(Set.of("a.b", "c~1"), all.keySet());
        assertEquals(Map.of("n", 1, "d", 1.5, "t", "x", "f", true), all.get("a.b"));
        assertEquals(2, all.get("c~1").get("n"));
        assertArrayEquals(new String[] {"x", "3"}, (String[]) all.get("c~1").get("list"));
    }

    @Test
    void needsNoFile() throws Exception {
        assertEquals(Map.of(), new ConfigurationFiles(home).read());
    }

    // A configuration that is silently left out looks like a device that does not work.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "'{\"a\": '             | cannot be used",
        "'[]'                   | the file is no JSON object",
        "'{\"a\": 1}'           | a is no JSON object",
        "'{\"a\": {\"b\": {}}}' | b is no text, number, truth or list of them",
        "'{\"a\": {\"b\": [null]}}' | b is no text, number, truth or list of them",
        "'{\"a\": {}, \"a\": {}}' | cannot be used",
    })
    void saysWhichFileCannotBeUsedAndWhy(String text, String why) throws Exception {
        file("x.json", text);
        SettingException refusal = assertThrows(SettingException.class, () -> new ConfigurationFiles(home).read());
        assertTrue(refusal.getMessage().contains("conf/x.json") && refusal.getMessage().contains(why), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count());
    }

    private void file(String name, String text) throws Exception {
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf").resolve(name), text);
    }
}
