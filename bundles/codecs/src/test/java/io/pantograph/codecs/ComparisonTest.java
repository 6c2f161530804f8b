package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ComparisonTest {

    private static final Ward READER = new Ward(new Stock());

    static Stream<Arguments> contents() {
        Values axes = Values.of("axes", List.of(Values.of("x", 1), Values.of("x", 2)));
        return Stream.of(
                Arguments.of(Content.of(null), Content.of(null), ""),
                Arguments.of(Content.of(axes), Content.of(axes), ""),
                // The same number, however it was read.
                Arguments.of(Content.of("n", 1), Content.of("n", 1L), ""),
                Arguments.of(Content.of("n", 1), Content.of("n", 1.0), ""),
                Arguments.of(Content.of("n", 0.1f), Content.of("n", new BigDecimal("0.10")), ""),
                Arguments.of(Content.of("n", 1), Content.of("n", 1.5), "$.n: 1, 1.5"),
                Arguments.of(Content.of("n", 1), Content.of("n", "1"), "$.n: 1, 1"),
                Arguments.of(Content.of("n", 1), Content.of("n", null), "$.n: 1, null"),
                Arguments.of(Content.of("n", 1), Content.of("m", 1), "$.n: 1, missing; $.m: missing, 1"),
                Arguments.of(Content.of(axes), Content.of(Values.of("axes", List.of(Values.of("x", 1), Values.of("x", 3)))), "$.axes[1].x: 2, 3"),
                Arguments.of(Content.of(axes), Content.of(Values.of("axes", List.of())), "$.axes: a list of 2, a list of 0"),
                Arguments.of(Content.of(List.of()), Content.of(Values.EMPTY), "$: a list of 0, an object of 0"),
                Arguments.of(Content.of(Bytes.of((byte) 0x0a)), Content.of(Bytes.of((byte) 0xff)), "$: 1 bytes 0a, 1 bytes ff"),
                Arguments.of(Content.of(1), Content.of(1).at(Instant.EPOCH), "time: none, 1970-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void comparesByField(Content before, Content after, String wanted) {
        List<String> told = Comparison.of(Way.decoding("a", new AtomicLong()), before, after, READER).stream()
                .map(field -> field.path() + ": " + field.before() + ", " + field.after()).toList();
        assertEquals(wanted, String.join("; ", told));
    }

    @Test
    void tellsTwentyFieldsAndShortensWhatIsLong() {
        List<String> many = new ArrayList<>(Collections.nCopies(30, "x".repeat(1_000)));
        List<Comparison.Field> told = Comparison.of(Way.decoding("a", new AtomicLong()), Content.of(many),
                Content.of(Collections.nCopies(30, 1)), READER);
        assertEquals(20, told.size());
        assertEquals(200, told.get(0).before().length());
    }

    @Test
    void knowsItsPercentiles() {
        Histogram histogram = new Histogram();
        assertEquals(Duration.ZERO, histogram.within(0.99));
        for (int i = 0; i < 99; i++) {
            histogram.add(1_000);
        }
        histogram.add(1_000_000);
        // Steps of an eighth, and never less than it was.
        assertTrue(histogram.within(0.5).toNanos() >= 1_000 && histogram.within(0.5).toNanos() < 1_125, histogram.within(0.5).toString());
        assertEquals(histogram.within(0.5), histogram.within(0.99));
        assertTrue(histogram.within(1).toNanos() >= 1_000_000 && histogram.within(1).toNanos() < 1_125_000, histogram.within(1).toString());
        histogram.add(0);
        histogram.add(Long.MAX_VALUE);
    }
}
