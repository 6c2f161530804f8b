package io.pantograph.samples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.core.Settings;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureFleetTest {

    @TempDir
    private Path home;

    private final Map<Identity, Values> registered = new HashMap<>();
    private int keys;
    private Optional<Values> group = Optional.of(Values.of("attestation", Values.of("symmetricKey", Values.of("primaryKey", "groups"))));

    @Test
    void leavesEachDeviceWhatItLogsInWith() throws Exception {
        start();
        assertEquals("""
                [device]
                dialect = azure
                device-type = windmill
                connection-string = HostName=hub;DeviceId=windmill;SharedAccessKey=windmill-1
                """, Files.readString(file("windmill")));
        assertTrue(Files.readString(file("ticker")).contains("DeviceId=ticker;SharedAccessKey=ticker-2"));
        String sensor = Files.readString(file("sensor"));
        assertTrue(sensor.contains("id-scope = scope\n") && sensor.contains("group-key = groups\n"), sensor);
        for (String device : List.of("windmill", "ticker", "sensor")) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file(device))));
        }
    }

    @Test
    void changesNothingAtTheNextStart() throws Exception {
        start();
        Files.writeString(file("windmill"), "mine");
        Files.writeString(file("sensor"), "mine");
        start();
        assertEquals("mine", Files.readString(file("windmill")));
        assertEquals("mine", Files.readString(file("sensor")));
        assertEquals(3, registered.size());
    }

    @Test
    void findsALostKeyAgain() throws Exception {
        start();
        String before = Files.readString(file("windmill"));
        Files.delete(file("windmill"));
        start();
        assertEquals(before, Files.readString(file("windmill")));
    }

    // A hub that was emptied makes new keys.
    @Test
    void writesTheKeyOfADeviceThatWasMadeAgain() throws Exception {
        start();
        registered.remove(Identity.of("windmill"));
        start();
        assertFalse(Files.readString(file("windmill")).contains("windmill-1"));
    }

    @Test
    void saysWhatTheSensorNeeds() {
        group = Optional.empty();
        assertTrue(assertThrows(IOException.class, this::start).getMessage().contains("enrolment group 'default'"));
    }

    private Path file(String device) {
        return home.resolve("conf").resolve("devices").resolve(device + ".ini");
    }

    private void start() throws Exception {
        Identities identities = pretend(Identities.class, (name, arguments) -> switch (name) {
            case "credential" -> Optional.ofNullable(registered.get(arguments[0]))
                    .map(document -> new Credential((Identity) arguments[0], true, Credential.Kind.SAS, List.of(), List.of(), "1"));
            case "document" -> registered.get(arguments[0]);
            case "create" -> {
                registered.put((Identity) arguments[0], Values.of("authentication", Values.of("symmetricKey",
                        Values.of("primaryKey", arguments[0] + "-" + (keys += 1)))));
                yield registered.get(arguments[0]);
            }
            default -> throw new UnsupportedOperationException(name);
        });
        new AzureFleet(pretend(Settings.class, (name, arguments) -> home), identities,
                pretend(Enrollments.class, (name, arguments) -> name.equals("scope") ? "scope" : group),
                pretend(ServiceAccess.class, (name, arguments) -> "hub"));
    }

    private interface Answers {
        Object answer(String name, Object[] arguments);
    }

    private static <T> T pretend(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> answers.answer(method.getName(), arguments)));
    }
}
