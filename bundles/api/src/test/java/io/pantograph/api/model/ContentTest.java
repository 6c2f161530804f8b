package io.pantograph.api.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {

    // A codec or handler on another thread must never see an author's later change.
    @Test
    void doesNotFollowWhatItWasMadeFrom() {
        List<Object> list = new ArrayList<>(List.of(1));
        Map<String, Object> map = new HashMap<>(Map.of("list", list));
        Content content = Content.of(map);
        list.add(2);
        map.put("late", true);
        assertEquals(Map.of("list", List.of(1)), content.data());
    }

    @Test
    void cannotBeChangedAnywhere() {
        Values values = Content.of(Map.of("list", Arrays.asList(1, null), "map", Map.of("a", 1))).values();
        assertThrows(UnsupportedOperationException.class, () -> values.put("x", 1));
        assertThrows(UnsupportedOperationException.class, () -> values.entrySet().iterator().next().setValue(1));
        assertThrows(UnsupportedOperationException.class, () -> values.list("list").remove(0));
        assertThrows(UnsupportedOperationException.class, () -> values.values("map").clear());
    }

    @Test
    void copiesNothingTwice() {
        Content once = Content.of(Map.of("a", Map.of("b", List.of(1))));
        assertSame(once.data(), Content.of(once.data()).data());
        assertSame(once.values().values("a"), Values.of("x", once.values().values("a")).values("x"));
    }

    @Test
    void refusesWhatNoFormatCouldSay() {
        assertThrows(IllegalArgumentException.class, () -> Content.of(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Content.of(Map.of("x", Float.POSITIVE_INFINITY)));
        assertThrows(IllegalArgumentException.class, () -> Content.of(List.of(new AtomicInteger())));
        assertThrows(IllegalArgumentException.class, () -> Content.of(Map.of(1, 2)));
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Content.of(itself)).getMessage().contains("64 levels"));
    }

    @Test
    void readersNameWhatIsMissingOrWrong() {
        Values values = Values.of("celsius", "warm", "count", 1.5);
        assertEquals("'celsius' must be a number, it is a String",
                assertThrows(IllegalArgumentException.class, () -> values.number("celsius")).getMessage());
        assertEquals("'kelvin' must be a number, it is missing",
                assertThrows(IllegalArgumentException.class, () -> values.number("kelvin")).getMessage());
        assertThrows(IllegalArgumentException.class, () -> values.integer("count"));
        assertEquals(7, Values.of("n", new BigDecimal("7.0")).integer("n"));
        assertThrows(IllegalArgumentException.class, () -> Values.of("n", new BigDecimal("1e999999999")).integer("n"));
    }

    @Test
    void parsersCanSeeADuplicateName() {
        Values.Builder builder = Values.builder();
        assertTrue(builder.putNew("a", null));
        assertFalse(builder.putNew("a", 1));
        assertEquals(Values.of("a", null), builder.build());
    }

    @Test
    void orderOfNamesIsKept() {
        assertEquals(List.of("z", "a", "m"), new ArrayList<>(Values.of("z", 1, "a", 2, "m", 3).keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a+b", "#", "a b", "a\u0000", "\ud800", "ä", "a\n"})
    void namesThatWouldInjectAreRefusedAndShownHarmless(String name) {
        assertFalse(Names.valid(name));
        String message = assertThrows(IllegalArgumentException.class, () -> Names.check("event", name)).getMessage();
        assertTrue(message.chars().allMatch(c -> c >= 0x20 && c < 0x7f), message);
        assertThrows(IllegalArgumentException.class, () -> Telemetry.of(name, Content.of(1)));
        assertFalse(Names.valid("x".repeat(129)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a+", "#", "a b", "a\u0000", "ä"})
    void deviceNamesLikewise(String name) {
        assertThrows(IllegalArgumentException.class, () -> new DeviceId("type", name));
        assertThrows(IllegalArgumentException.class, () -> new DeviceId(name, "name"));
    }

    @Test
    void secretsAndBytesDoNotTell() {
        assertEquals("***", Secret.of("hunter2").toString());
        assertEquals(Secret.of("a"), Secret.of("a"));
        assertNotEquals(Secret.of("a"), Secret.of("b"));
        assertEquals("3 bytes", Bytes.of((byte) 1, (byte) 2, (byte) 3).toString());
        assertEquals(Bytes.utf8("x"), Bytes.of((byte) 'x'));
    }

    // Who walks through content has a stack that ends.
    @Test
    void isNoDeeperThan64LevelsHoweverItWasMade() {
        Object values = 1;
        Object lists = 1;
        Object both = 1;
        for (int level = 1; level <= 64; level++) {
            values = Values.of("a", values, "b", 1);
            lists = Content.list(Arrays.asList(1, lists));
            both = level % 2 == 0 ? Values.builder().put("x", 0).put("a", both).build() : Content.list(List.of(both, 0));
            assertEquals(values, Content.of(values).data());
        }
        assertEquals(lists, Content.of(lists).data());
        assertEquals(both, Content.of(both).data());
        for (Object deepest : List.of(values, lists, both)) {
            for (Object deeper : List.of(Values.of("a", deepest), Content.list(List.of(deepest)), Map.of("a", deepest), List.of(deepest))) {
                assertTrue(assertThrows(IllegalArgumentException.class, () -> Content.of(deeper)).getMessage().contains("64 levels"));
            }
        }
    }
}
