package io.pantograph.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Difference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DifferencesTest {

    private static String said(Content before, Content after) {
        return String.join("; ", Differences.between("f", true, before, after).stream()
                .map(one -> one.field() + ": " + one.before() + " -> " + one.after()).toList());
    }

    static Stream<Arguments> different() {
        Values deep = Values.of("axes", List.of(Values.of("x", 1), Values.of("x", 2)));
        return Stream.of(
                arguments(Content.of(1), Content.of(2), "$: 1 -> 2"),
                arguments(Content.of(1), Content.of("1"), "$: 1 -> \"1\""),
                arguments(Content.of((Object) null), Content.of(false), "$: null -> false"),
                arguments(Content.of(Values.of("a", 1)), Content.of(Values.of("a", null)), "$.a: 1 -> null"),
                arguments(Content.of(Values.of("a", null)), Content.of(Values.EMPTY), "$.a: null -> missing"),
                arguments(Content.of(Values.of("a", null)), Content.of(Values.of("b", null)), "$.a: null -> missing; $.b: missing -> null"),
                arguments(Content.of(deep), Content.of(Values.of("axes", List.of(Values.of("x", 1), Values.of("x", 2.5)))), "$.axes[1].x: 2 -> 2.5"),
                arguments(Content.of(List.of(1, 2)), Content.of(List.of(1)), "$[1]: 2 -> missing"),
                arguments(Content.of(List.of()), Content.of(Values.EMPTY), "$: [] -> {}"),
                arguments(Content.of(Values.of("odd.name\n", 1)), Content.of(Values.of("odd.name\n", 2)), "$['odd.name\\u000a']: 1 -> 2"),
                arguments(Content.of(Bytes.of((byte) 1)), Content.of(Bytes.of((byte) 2)), "$: hex 01 -> hex 02"),
                arguments(Content.of(1).at(Instant.EPOCH), Content.of(1), "time: 1970-01-01T00:00:00Z -> none"),
                arguments(Content.of(0.1), Content.of(0.1000001), "$: 0.1 -> 0.1000001"));
    }

    @ParameterizedTest
    @MethodSource("different")
    void namesTheFieldAndBoth(Content before, Content after, String said) {
        assertFalse(Differences.same(before, after));
        assertEquals(said, said(before, after));
    }

    static Stream<Arguments> same() {
        return Stream.of(
                arguments(10, 10L), arguments(10L, 10.0), arguments((byte) -1, new BigDecimal("-1.00")), arguments(0.1f, 0.1), arguments(-0.0, 0),
                arguments(new BigInteger("9".repeat(40)), new BigDecimal("9".repeat(40))),
                arguments(Values.of("a", 1, "b", 2), Values.of("b", 2L, "a", 1.0)),
                arguments(Content.list(Arrays.asList(null, 1)), Content.list(Arrays.asList(null, 1L))));
    }

    // A vector is written in JSON, which has one kind of number.
    @ParameterizedTest
    @MethodSource("same")
    void takesNumbersByTheirValue(Object one, Object other) {
        assertTrue(Differences.same(Content.of(one), Content.of(other)));
        assertEquals(List.of(), Differences.between("f", false, Content.of(one), Content.of(other)));
    }

    @Test
    void tellsAtMostTwentyAndShortly() {
        Content many = Content.of(IntStream.range(0, 1_000).boxed().toList());
        assertEquals(20, Differences.between("f", true, many, Content.of(List.of())).size());
        Difference one = Differences.between("f", true, Content.of("x".repeat(1_000)), Content.of(IntStream.range(0, 9_999).boxed().toList())).get(0);
        assertTrue(one.before().length() <= 200 && one.after().length() <= 200, one.toString());
        assertTrue(one.before().endsWith("...") && one.after().startsWith("[0,1,2,"), one.toString());
    }

    @Test
    void countsByField() {
        Tally tally = new Tally();
        tally.add(Differences.between("f", true, Content.of("a", 1), Content.of("a", 2)));
        tally.add(Differences.between("f", true, Content.of("a", 3), Content.of("a", 4)));
        tally.add(List.of());
        tally.add(Differences.between("f", Bytes.utf8("one"), Bytes.of((byte) 0)));
        assertEquals(4, tally.compared());
        assertEquals(3, tally.different());
        assertEquals(List.of(new Difference("f", true, "$.a", "1", "2", 2), new Difference("f", false, "$", "\"one\"", "hex 00", 1)),
                tally.differences());
    }
}
