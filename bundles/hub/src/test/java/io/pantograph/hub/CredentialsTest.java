package io.pantograph.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.model.Secret;
import io.pantograph.testkit.PlainSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {

    @TempDir
    Path home;

    private final Tokens tokens = new Tokens();

    private Path file() {
        return home.resolve("hub").resolve("credentials").resolve("watson.properties");
    }

    @Test
    void makesThemOnceAndKeepsThem() throws Exception {
        Credentials first = Credentials.of(new PlainSettings(home), tokens);
        assertTrue(first.key().matches("a-edge01-[a-z0-9]{10}"), first.key());
        assertTrue(first.token().reveal().length() >= 18);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals(first, Credentials.of(new PlainSettings(home), tokens));
        assertTrue(!first.toString().contains(first.token().reveal()), "prints its secret");
    }

    @Test
    void makesNewOnesWhenTheFileWasDeleted() throws Exception {
        Credentials first = Credentials.of(new PlainSettings(home), tokens);
        Files.delete(file());
        Credentials second = Credentials.of(new PlainSettings(home), tokens);
        assertNotEquals(first.key(), second.key());
        assertNotEquals(first.token(), second.token());
    }

    @Test
    void takesWhatTheOperatorWrote() throws Exception {
        Credentials.of(new PlainSettings(home), tokens);
        Files.writeString(file(), "org=edge01\napi-key=a-edge01-ABCDEFGHIJ\napi-token=my own token\n");
        Credentials read = Credentials.of(new PlainSettings(home), tokens);
        assertEquals("a-edge01-ABCDEFGHIJ", read.key());
        assertEquals(Secret.of("my own token"), read.token());
        Files.writeString(file(), "org=edge01\napi-key=admin\napi-token=\n");
        SettingException why = assertThrows(SettingException.class, () -> Credentials.of(new PlainSettings(home), tokens));
        assertTrue(why.getMessage().contains("watson.properties"), why.getMessage());
    }

    @Test
    void followsTheOrganisation() throws Exception {
        Credentials.of(new PlainSettings(home), tokens);
        PlainSettings settings = new PlainSettings(home);
        settings.with(Credentials.ORG, "plant7");
        assertTrue(Credentials.of(settings, tokens).key().startsWith("a-plant7-"));
        for (String wrong : new String[] {"edge1", "EDGE01", "edge-1", "quickstart", "../../"}) {
            settings.with(Credentials.ORG, wrong);
            assertThrows(SettingException.class, () -> Credentials.of(settings, tokens), wrong);
        }
    }

    @Test
    void opensToTheApiKeyAndToGateways() throws Exception {
        try (Room room = new Room(home)) {
            Secret gateway = room.register("gw", "g-1", true);
            Secret device = room.register("thermostat", "t-1", false);
            assertEquals(Kind.APPLICATION, room.gate.application(room.key(), room.apiToken()).orElseThrow().kind());
            assertEquals(Kind.GATEWAY, room.gate.application("g/edge01/gw/g-1", gateway).orElseThrow().kind());
            assertEquals(Kind.GATEWAY, room.gate.application("g-edge01-gw-g-1", gateway).orElseThrow().kind());
            String[] wrong = {"g/edge01/thermostat/t-1", "g/plant7/gw/g-1", "g/edge01/gw", "", "use-token-auth", "g/edge01/g\0w/g-1", "a-edge01-0000000000"};
            for (String user : wrong) {
                assertTrue(room.gate.application(user, gateway).isEmpty(), user);
                assertTrue(room.gate.application(user, device).isEmpty(), user);
                assertTrue(room.gate.application(user, room.apiToken()).isEmpty(), user);
            }
            assertTrue(room.gate.application(room.key(), gateway).isEmpty());
            assertTrue(room.gate.application(room.key(), Secret.of("")).isEmpty());
        }
    }
}
