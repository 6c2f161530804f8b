package io.pantograph.api.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Values;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The release document is the same at every door, so what it means and what it refuses is told here once. */
class ReleaseTest {

    private static final String HASH = "9f".repeat(32);

    private static Values bundles(Object wanted) {
        Map<String, Object> bundles = new HashMap<>();
        bundles.put("org.example.codec", wanted);
        return Values.of("bundles", Values.of(bundles));
    }

    private static Values trial(String name, Object value) {
        return Values.of("bundles", Values.of("a.b", Values.of("sha256", HASH)), "trial", Values.of(name, value));
    }

    @Test
    void readsAllOfIt() {
        Values canary = Values.builder().put("devices", List.of("meter/m-1", "sensor")).put("types", List.of("lamp")).put("percent", 10).put("calls", 200).build();
        Values trial = Values.builder().put("shadow", 50).put("canary", canary).put("calls", 7).put("errors", 0.1).put("differences", 1.0)
                .put("p99-us", 5_000).put("promote", "hand").build();
        Map<String, Object> bundles = new java.util.LinkedHashMap<>();
        bundles.put("org.example.codec", Values.of("version", "1.1.0", "url", "https://hub/artifacts/1", "sha256", HASH.toUpperCase(java.util.Locale.ROOT)));
        bundles.put("org.example.old", null);
        Release release = Release.of("rest", Values.of("bundles", Values.of(bundles), "trial", trial, "deadline-s", 900));
        assertEquals(List.of(
                new Change.Install(Optional.of("org.example.codec"), Optional.of("1.1.0"), new Change.Jar.Remote(URI.create("https://hub/artifacts/1"), HASH)),
                new Change.Remove("org.example.old")), release.changes());
        Share share = new Share(Set.of(new DeviceId("meter", "m-1"), new DeviceId("device", "sensor")), Set.of("lamp"), 10);
        assertEquals(new Trial(50, Optional.of(share), 200, OptionalLong.of(7), 0.1, 1.0, Optional.of(Duration.ofMillis(5)), true), release.trial());
        assertEquals(Optional.of(Duration.ofMinutes(15)), release.deadline());
    }

    @Test
    void allButTheBundlesMayBeMissing() {
        Release release = Release.of("file", bundles(Values.of("sha256", HASH)));
        assertEquals(new Change.Jar.Kept(HASH), ((Change.Install) release.changes().get(0)).jar());
        assertEquals(Trial.USUAL, release.trial());
        assertEquals(Optional.empty(), release.deadline());
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(Values.EMPTY, "'bundles' must be an object"),
                Arguments.of(Values.of("bundles", Values.EMPTY), "at least one bundle"),
                Arguments.of(Values.of("bundles", Values.of("a.b", Values.of("sha256", HASH)), "typo", 1), "'typo' is not known"),
                Arguments.of(Values.of("bundles", Values.of("../a", Values.of("sha256", HASH))), "no Bundle-SymbolicName"),
                Arguments.of(bundles("1.0.0"), "must be null or an object"),
                Arguments.of(bundles(Values.of("version", "1.0.0")), "'sha256' must be a text"),
                Arguments.of(bundles(Values.of("sha256", "9f")), "64 characters"),
                Arguments.of(bundles(Values.of("sha256", HASH, "url", "not a url")), "is no URL"),
                Arguments.of(bundles(Values.of("sha256", HASH, "sha1", "x")), "'sha1' is not known"),
                Arguments.of(Values.of("bundles", bundles(null).values("bundles"), "deadline-s", 0), "'deadline-s' must be"),
                Arguments.of(trial("shadow", -1), "'shadow' must be"),
                Arguments.of(trial("calls", 1.5), "whole number"),
                Arguments.of(trial("errors", 1.1), "'errors' is a share"),
                Arguments.of(trial("differences", -0.1), "'differences' is a share"),
                Arguments.of(trial("p99-us", 0), "'p99-us' must be"),
                Arguments.of(trial("p99-us", Long.MAX_VALUE), "'p99-us' must be"),
                Arguments.of(trial("promote", "now"), "rule or hand"),
                Arguments.of(trial("canary", Values.EMPTY), "devices, types or a percent"),
                Arguments.of(trial("canary", Values.of("percent", 101)), "percent must be 0 to 100"),
                Arguments.of(trial("canary", Values.of("devices", List.of("a/b/c"))), "like meter/m-1"),
                Arguments.of(trial("canary", Values.of("devices", List.of(1))), "list of texts"),
                Arguments.of(trial("canary", Values.of("who", 1)), "'who' is not known"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrong(Values document, String part) {
        String said = assertThrows(IllegalArgumentException.class, () -> Release.of("rest", document)).getMessage();
        assertTrue(said.contains(part), said);
    }

    @Test
    void takesNoMoreBundlesThanItCanOverlook() {
        Map<String, Object> many = new HashMap<>();
        IntStream.range(0, 65).forEach(i -> many.put("b" + i, Values.of("sha256", HASH)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Release.of("rest", Values.of("bundles", Values.of(many))))
                .getMessage().contains("at most 64"));
    }

    // Always the same devices, and about as many as was asked for.
    @Test
    void aShareOfAHundredIsThatManyAndStaysTheSame() {
        Share tenth = new Share(Set.of(), Set.of(), 10);
        long[] taken = IntStream.range(0, 10_000).filter(i -> tenth.has(new DeviceId("meter", "m-" + i))).asLongStream().toArray();
        assertTrue(taken.length > 800 && taken.length < 1_200, "of 10,000: " + taken.length);
        Share half = new Share(Set.of(), Set.of(), 50);
        assertTrue(Arrays.stream(taken).allMatch(i -> half.has(new DeviceId("meter", "m-" + i))), "whoever is in a tenth is in a half");
        assertTrue(new Share(Set.of(), Set.of(), 100).has(null));
        assertFalse(half.has(null));
        Share named = new Share(Set.of(new DeviceId("meter", "m-1")), Set.of("lamp"), 0);
        assertTrue(named.has(new DeviceId("meter", "m-1")) && named.has(new DeviceId("lamp", "x")));
        assertFalse(named.has(new DeviceId("meter", "m-2")));
    }
}
