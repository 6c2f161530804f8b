package io.pantograph.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.hub.Registry;
import io.pantograph.api.hub.Registry.Page;
import io.pantograph.api.hub.Registry.Registered;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesTest {

    private static final DeviceId T1 = new DeviceId("thermostat", "t-1");

    @TempDir
    Path home;

    private Room room;
    private Registry registry;

    @BeforeEach
    void open() throws Exception {
        room = new Room(home);
        registry = room.devices;
    }

    @AfterEach
    void close() {
        room.close();
    }

    private Optional<Registry.Created> create(DeviceId device) {
        return registry.createDevice(device, Optional.empty(), Values.EMPTY, Optional.empty(), "a-edge01-0123456789");
    }

    @Test
    void remembersOverARestart() throws Exception {
        registry.createType("thermostat", false, Values.of("description", "wärmt"));
        Registry.Created made = create(T1).orElseThrow();
        Registry.DeviceType type = registry.type("thermostat").orElseThrow();
        registry.keep("lec", Values.of("enabled", true));
        room.close();
        open();
        assertEquals(Optional.of(type), registry.type("thermostat"));
        assertEquals(Optional.of(made.device()), registry.device(T1));
        assertEquals(Optional.of(Values.of("enabled", true)), registry.document("lec"));
        assertTrue(room.gate.device(T1, made.token()).isPresent());
    }

    @Test
    void makesEachOnlyOnce() {
        assertTrue(registry.createType("thermostat", false, Values.EMPTY).isPresent());
        assertFalse(registry.createType("thermostat", true, Values.EMPTY).isPresent());
        assertTrue(create(T1).isPresent());
        assertFalse(create(T1).isPresent());
    }

    @Test
    void wantsATypeFirst() {
        IllegalStateException why = assertThrows(IllegalStateException.class, () -> create(T1));
        assertTrue(why.getMessage().contains("thermostat"), why.getMessage());
    }

    @Test
    void keepsATypeThatHasDevices() {
        registry.createType("thermostat", false, Values.EMPTY);
        create(T1);
        assertThrows(IllegalStateException.class, () -> registry.deleteType("thermostat"));
        assertTrue(registry.deleteDevice(T1));
        assertFalse(registry.deleteDevice(T1));
        assertTrue(registry.deleteType("thermostat"));
        assertFalse(registry.deleteType("thermostat"));
    }

    @Test
    void changesAttributesAndTheTimeOfChange() {
        registry.createType("thermostat", false, Values.of("a", 1));
        Registered made = create(T1).orElseThrow().device();
        room.clock.advance(Duration.ofSeconds(5));
        Registered changed = registry.updateDevice(T1, old -> Values.of("b", 2)).orElseThrow();
        assertEquals(Values.of("b", 2), changed.attributes());
        assertEquals(made.created(), changed.created());
        assertEquals(made.updated().plusSeconds(5), changed.updated());
        assertEquals(Optional.of(changed), registry.device(T1));
        assertEquals(2L, registry.updateType("thermostat", old -> Values.of("a", old.integer("a") + 1)).orElseThrow().attributes().integer("a"));
        assertEquals(Optional.empty(), registry.updateType("none", old -> old));
        assertEquals(Optional.empty(), registry.updateDevice(new DeviceId("thermostat", "none"), old -> old));
    }

    // Two that change the same device at the same time must not undo each other.
    @Test
    void changesOneAfterTheOther() {
        registry.createType("thermostat", false, Values.EMPTY);
        registry.createDevice(T1, Optional.empty(), Values.of("count", 0), Optional.empty(), "test");
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 50; n++) {
                    registry.updateDevice(T1, old -> Values.of("count", old.integer("count") + 1));
                }
            }));
        }
        all.forEach(Await::result);
        assertEquals(200, registry.device(T1).orElseThrow().attributes().integer("count"));
    }

    @Test
    void leafsThroughDevicesInOrder() {
        registry.createType("a", false, Values.EMPTY);
        registry.createType("a-b", false, Values.EMPTY);
        registry.createType("b", false, Values.EMPTY);
        List<String> wanted = List.of("a/1", "a/10", "a/2", "a-b/0", "b/0");
        for (String each : List.of("b/0", "a/2", "a-b/0", "a/1", "a/10")) {
            create(new DeviceId(each.substring(0, each.indexOf('/')), each.substring(each.indexOf('/') + 1)));
        }
        List<String> seen = new ArrayList<>();
        Optional<String> from = Optional.empty();
        do {
            Page<Registered> page = registry.devices(Optional.empty(), 2, from);
            assertEquals(5, page.total());
            page.items().forEach(item -> seen.add(item.device().toString()));
            from = page.next();
        } while (from.isPresent());
        assertEquals(wanted, seen);
        assertEquals(3, registry.devices(Optional.of("a"), 10, Optional.empty()).total());
        assertEquals(Optional.empty(), registry.devices(Optional.of("a"), 3, Optional.empty()).next());
        assertEquals(List.of("a-b", "b"), registry.types(2, registry.types(1, Optional.empty()).next()).items().stream()
                .map(Registry.DeviceType::id).toList());
        assertThrows(IllegalArgumentException.class, () -> registry.devices(Optional.empty(), 2, Optional.of("nonsense")));
        assertThrows(IllegalArgumentException.class, () -> registry.devices(Optional.empty(), 0, Optional.empty()));
    }

    @Test
    void makesAndDeletesManyInOneStep() {
        registry.createType("thermostat", false, Values.EMPTY);
        List<Registry.NewDevice> wanted = new ArrayList<>();
        for (String each : List.of("t-1", "t-2", "t-1")) {
            wanted.add(new Registry.NewDevice(new DeviceId("thermostat", each), Optional.empty(), Values.EMPTY, Optional.empty()));
        }
        wanted.add(new Registry.NewDevice(new DeviceId("unknown", "x"), Optional.empty(), Values.EMPTY, Optional.empty()));
        List<Optional<Registry.Created>> made = registry.createDevices(wanted, "test");
        assertEquals(List.of(true, true, false, false), made.stream().map(Optional::isPresent).toList());
        assertTrue(room.gate.device(T1, made.get(0).orElseThrow().token()).isPresent());
        assertEquals(List.of(true, false), registry.deleteDevices(List.of(T1, T1)));
        assertEquals(1, registry.devices(Optional.empty(), 10, Optional.empty()).total());
    }

    @Test
    void knowsWhoIsBehindAGateway() {
        registry.createType("gw", true, Values.EMPTY);
        registry.createType("meter", false, Values.EMPTY);
        DeviceId gateway = new DeviceId("gw", "g-1");
        create(gateway);
        registry.createDevice(new DeviceId("meter", "m-1"), Optional.empty(), Values.EMPTY, Optional.of(gateway), "g:edge01:gw:g-1");
        create(new DeviceId("meter", "m-2"));
        assertEquals(List.of(new DeviceId("meter", "m-1")), registry.behind(gateway).stream().map(Registered::device).toList());
        assertTrue(registry.device(gateway).orElseThrow().gateway());
    }

    @Test
    void checksTokensAndStoresNone() throws Exception {
        registry.createType("thermostat", false, Values.EMPTY);
        Secret own = create(T1).orElseThrow().token();
        DeviceId second = new DeviceId("thermostat", "t-2");
        registry.createDevice(second, Optional.of(Secret.of("chosen-by-a-person")), Values.EMPTY, Optional.empty(), "test");
        for (int round = 0; round < 2; round++) { // the second time from memory
            assertTrue(room.gate.device(T1, own).isPresent());
            assertTrue(room.gate.device(second, Secret.of("chosen-by-a-person")).isPresent());
            assertFalse(room.gate.device(T1, Secret.of("chosen-by-a-person")).isPresent());
            assertFalse(room.gate.device(second, own).isPresent());
            assertFalse(room.gate.device(T1, Secret.of("")).isPresent());
        }
        assertFalse(room.gate.device(new DeviceId("thermostat", "t-9"), own).isPresent());
        assertTrue(own.reveal().matches("[A-Za-z0-9_-]{18,36}"), "the documented alphabet");
        room.close();
        try (var files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(all.contains(own.reveal()) || all.contains("chosen-by-a-person"), file + " holds a token");
            }
        }
        open();
    }

    @Test
    void refusesIdsThatNoTopicCanCarry() {
        assertThrows(IllegalArgumentException.class, () -> registry.createType("a/b", false, Values.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> registry.createType("a+", false, Values.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> registry.createType("a\0", false, Values.EMPTY));
    }
}
