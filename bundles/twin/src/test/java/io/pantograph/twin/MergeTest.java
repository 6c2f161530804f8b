package io.pantograph.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergeTest {

    /** The examples of RFC 7396, those with objects. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"a\":\"b\"}          | {\"a\":\"c\"}            | {\"a\":\"c\"}",
        "{\"a\":\"b\"}          | {\"b\":\"c\"}            | {\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"}          | {\"a\":null}             | {}",
        "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null}           | {\"b\":\"c\"}",
        "{\"a\":[\"b\"]}        | {\"a\":\"c\"}            | {\"a\":\"c\"}",
        "{\"a\":\"c\"}          | {\"a\":[\"b\"]}          | {\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}  | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]} | {\"a\":[1]}             | {\"a\":[1]}",
        "{\"e\":null}           | {\"a\":1}                | {\"e\":null,\"a\":1}",
        "{}                     | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}"})
    void appliesPatches(String document, String patch, String after) {
        assertEquals(Bench.json(after), Merge.apply(Bench.json(document), Bench.json(patch)));
    }

    @Test
    void someCannotBeOne() {
        assertNull(Merge.compose(Bench.json("{\"a\":null}"), Bench.json("{\"a\":{\"b\":1}}")));
        assertNull(Merge.compose(Bench.json("{\"a\":{\"b\":5}}"), Bench.json("{\"a\":{\"b\":{\"c\":1}}}")));
        assertEquals(Bench.json("{\"a\":{\"b\":null,\"c\":1}}"), Merge.compose(Bench.json("{\"a\":{\"b\":1}}"), Bench.json("{\"a\":{\"b\":null,\"c\":1}}")));
    }

    @Test
    void leavesAwayWhatIsReplaced() {
        Values earlier = Bench.json("{\"a\":1,\"b\":{\"x\":1,\"y\":2},\"c\":null}");
        assertSame(earlier, Merge.without(earlier, Bench.json("{\"d\":1,\"c\":{\"x\":1}}")));
        assertEquals(Bench.json("{\"b\":{\"y\":2},\"c\":null}"), Merge.without(earlier, Bench.json("{\"a\":null,\"b\":{\"x\":3}}")));
        assertTrue(Merge.without(earlier, Bench.json("{\"a\":2,\"b\":{\"x\":3,\"y\":3},\"c\":0}")).isEmpty());
    }

    // Whatever is merged or left away, the document ends the same.
    @Test
    void theDocumentEndsTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int composed = 0;
        for (int i = 0; i < 20_000; i++) {
            Values document = Merge.apply(Values.EMPTY, any(random, 3));
            Values first = any(random, 3);
            Values second = any(random, 3);
            String what = "seed " + seed + ": " + document + ' ' + first + ' ' + second;
            Values after = Merge.apply(Merge.apply(document, first), second);
            Values one = Merge.compose(first, second);
            if (one != null) {
                composed++;
                assertEquals(after, Merge.apply(document, one), what);
            }
            assertEquals(after, Merge.apply(Merge.apply(document, Merge.without(first, second)), second), what);
        }
        assertTrue(composed > 5_000, () -> "too few to say much, seed " + seed);
    }

    @Test
    void replacesAnObjectByMerging() {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            Values earlier = Merge.apply(Values.EMPTY, any(random, 3));
            Values later = Merge.apply(Values.EMPTY, any(random, 3));
            Values patch = Values.of("v", Merge.replacing(earlier, later));
            assertEquals(Values.of("v", later), Merge.apply(Values.of("v", earlier), patch), () -> earlier + " then " + later);
        }
    }

    static Values any(Random random, int depth) {
        Values.Builder out = Values.builder();
        for (String name : List.of("a", "b", "c")) {
            switch (random.nextInt(6)) {
                case 0 -> out.put(name, null);
                case 1 -> out.put(name, random.nextInt(3));
                case 2, 3 -> {
                    if (depth > 1) {
                        out.put(name, any(random, depth - 1));
                    }
                }
                default -> { }
            }
        }
        return out.build();
    }
}
