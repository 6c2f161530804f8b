package io.pantograph.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecFaultException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SelfTestTest {

    private static final List<Vector> VECTORS = vectors("""
            [{"name": "warm", "hex": "00d7", "content": {"celsius": 21.5}},
             {"name": "frost", "hex": "fff1", "content": {"celsius": -1.5}},
             {"name": "with a status", "hex": "00d700", "content": {"celsius": 21.5}, "only": "decode"},
             {"name": "one byte", "hex": "00", "fails": true}]""");

    private static List<Vector> vectors(String json) {
        try {
            return Vectors.ofFiles(Map.of("tenths.json", Bytes.utf8(json)), Set.of("tenths"));
        } catch (VectorException e) {
            throw new AssertionError(e);
        }
    }

    /** Signed tenths of a degree in two bytes, perhaps a third one behind: a good codec, to be spoilt. */
    private static class Tenths implements Codec {

        @Override
        public Bytes encode(Content content) throws CodecException {
            if (!(content.data() instanceof Values values) || !(values.get("celsius") instanceof Number number)) {
                throw new CodecException("tenths carries {\"celsius\": a number}");
            }
            double tenths = number.doubleValue() * 10;
            if (!(Math.abs(tenths) <= 32_767)) {
                throw new CodecException("'celsius' must be -3276.7 to 3276.7");
            }
            int rounded = (int) Math.round(tenths);
            return Bytes.of((byte) (rounded >> 8), (byte) rounded);
        }

        @Override
        public Content decode(Bytes bytes) throws CodecException {
            if (bytes.length() < 2 || bytes.length() > 3) {
                throw new CodecException("expected 2 or 3 bytes, got " + bytes.length());
            }
            return Content.of("celsius", celsius(bytes));
        }

        double celsius(Bytes bytes) {
            return (short) (bytes.at(0) << 8 | bytes.at(1) & 0xff) / 10.0;
        }
    }

    private static Codec decoding(BiFunction<Tenths, Bytes, Content> decode) {
        return new Tenths() {
            @Override
            public Content decode(Bytes bytes) throws CodecException {
                super.decode(bytes);
                return decode.apply(this, bytes);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void aGoodCodecPasses(Effort effort) {
        List<Recent> samples = List.of(new Recent.Decoded(Bytes.of((byte) 0, (byte) 1), Optional.of(Content.of("celsius", 0.1))),
                new Recent.Decoded(Bytes.EMPTY, Optional.empty()),
                new Recent.Encoded(Content.of("celsius", 7), Optional.of(Bytes.of((byte) 0, (byte) 70))));
        Result result = SelfTest.run("tenths", new Tenths(), VECTORS, samples, effort);
        assertEquals(List.of(), result.findings());
        assertEquals(List.of(), result.notes());
        assertEquals(4, result.vectors());
        assertEquals(3, result.samples());
        assertEquals(2, result.compared());
        assertEquals(0, result.different());
    }

    static Stream<Arguments> bad() {
        AtomicInteger calls = new AtomicInteger();
        return Stream.of(
                arguments(Check.VECTORS, "reads wrongly", decoding((good, bytes) -> Content.of("celsius", (bytes.at(0) << 8 & 0xff00 | bytes.at(1) & 0xff) / 10.0)),
                        "decode of vector 'frost' in tenths.json: $.celsius must be -1.5, it is 6552.1"),
                arguments(Check.VECTORS, "writes wrongly", new Tenths() {
                    @Override
                    public Bytes encode(Content content) throws CodecException {
                        Bytes good = super.encode(content);
                        return Bytes.of(good.at(1), good.at(0));
                    }
                }, "encode of vector 'warm' in tenths.json must give hex 00d7, it gave hex d700"),
                arguments(Check.VECTORS, "reads what it must not", new Tenths() {
                    @Override
                    public Content decode(Bytes bytes) throws CodecException {
                        return bytes.length() == 1 ? Content.of("celsius", 0) : super.decode(bytes);
                    }
                }, "decode of vector 'one byte' in tenths.json must fail with a CodecException, but it gave {\"celsius\":0}"),
                arguments(Check.VECTORS, "refuses what it must read", new Tenths() {
                    @Override
                    public Content decode(Bytes bytes) throws CodecException {
                        throw new CodecException("not today");
                    }
                }, "decode of vector 'warm' in tenths.json must give {\"celsius\":21.5}, but it failed: not today"),
                arguments(Check.ROUND_TRIP, "forgets a little each time", new Tenths() {
                    @Override
                    public Bytes encode(Content content) throws CodecException {
                        return super.encode(Content.of("celsius", content.values().number("celsius") - 0.1));
                    }
                }, "decode of what encode made of vector 'warm' in tenths.json: $.celsius must be 21.5, it is 21.4"),
                arguments(Check.HOSTILE, "throws what it must not", new Tenths() {
                    @Override
                    public Content decode(Bytes bytes) throws CodecException {
                        return bytes.isEmpty() ? Content.of("celsius", celsius(bytes)) : super.decode(bytes);
                    }
                }, "decode of no bytes at all threw java.lang.ArrayIndexOutOfBoundsException"),
                arguments(Check.HOSTILE, "dies of one bit in a vector", decoding((good, bytes) -> {
                    if (bytes.at(0) == 0x40) {
                        throw new IllegalStateException("unexpected");
                    }
                    return Content.of("celsius", good.celsius(bytes));
                }), "with bit 6 of byte 0 turned threw java.lang.IllegalStateException (unexpected) at io.pantograph.proof.SelfTestTest"),
                arguments(Check.HOSTILE, "returns null", decoding((good, bytes) -> bytes.at(0) == 0x40 ? null : Content.of("celsius", good.celsius(bytes))),
                        "turned returned null"),
                arguments(Check.HOSTILE, "recurses", decoding((good, bytes) -> bytes.at(0) == 0x40 ? forEver(bytes) : Content.of("celsius", good.celsius(bytes))),
                        "recursed until the stack was full"),
                arguments(Check.HOSTILE, "hangs, so its guard says", new Tenths() {
                    @Override
                    public Content decode(Bytes bytes) throws CodecException {
                        throw new CodecFaultException("did not come back within 1000 ms");
                    }
                }, "decode of no bytes at all failed: did not come back within 1000 ms"),
                arguments(Check.BOUNDS, "takes too long", new Tenths() {
                    @Override
                    public Content decode(Bytes bytes) throws CodecException {
                        long end = System.nanoTime() + (bytes.length() > 100_000 ? 510_000_000L : 0);
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                        return super.decode(bytes);
                    }
                }, "decode of 1 MB of zeros took "),
                arguments(Check.BOUNDS, "makes much out of little", new Tenths() {
                    @Override
                    public Content decode(Bytes bytes) throws CodecException {
                        return bytes.length() > 3 ? Content.of("x".repeat(70 * bytes.length())) : super.decode(bytes);
                    }
                }, "decode of 1 MB of zeros made about "),
                arguments(Check.STATELESS, "remembers", decoding((good, bytes) -> Content.of("celsius", calls.incrementAndGet())),
                        "after other calls, in another order, must give"),
                arguments(Check.STATELESS, "writes into its input", decoding((good, bytes) -> {
                    Content content = Content.of("celsius", good.celsius(bytes));
                    bytes.shared()[0] = 0x11;
                    return content;
                }), "must leave its input as it is, it made hex 11"),
                arguments(Check.THREADS, "has a field", new Tenths() {
                    private Bytes last;

                    @Override
                    public Content decode(Bytes bytes) throws CodecException {
                        super.decode(bytes);
                        last = bytes;
                        Thread.yield();
                        return Content.of("celsius", celsius(last));
                    }
                }, "while other threads used it must give"));
    }

    private static Content forEver(Bytes bytes) {
        return forEver(bytes.isEmpty() ? bytes : Bytes.of(bytes.toArray()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("bad")
    void aBadCodecIsFoundOut(Check check, String what, Codec codec, String finding) {
        List<Vector> fresh = new ArrayList<>();
        VECTORS.forEach(one -> fresh.add(new Vector(one.file(), one.name(), one.format(), Bytes.of(one.bytes().shared()), one.content(),
                one.decodes(), one.encodes())));
        Result result = SelfTest.run("tenths", codec, fresh, List.of(), Effort.AUTHOR, Set.of(check));
        assertTrue(result.findings().stream().anyMatch(one -> one.contains(finding)), result.findings().toString());
        assertTrue(result.findings().size() <= 10, result.findings().toString());
        // An installer finds it as well; but a race shows itself only to who is patient.
        assertTrue(check == Check.THREADS || !SelfTest.run("tenths", codec, fresh, List.of(), Effort.INSTALLER).passed());
    }

    // Whether it may come out otherwise is for the trial's limit to say.
    @Test
    void tellsWhatRealMessagesMakeOtherwise() {
        Codec kelvin = new Tenths() {
            @Override
            double celsius(Bytes bytes) {
                return super.celsius(bytes) + 1;
            }

            @Override
            public Bytes encode(Content content) throws CodecException {
                return super.encode(Content.of("celsius", content.values().number("celsius") - 1));
            }
        };
        Result result = SelfTest.run("tenths", kelvin, List.of(), List.of(
                new Recent.Decoded(Bytes.of((byte) 0, (byte) 0), Optional.of(Content.of("celsius", 0.0))),
                new Recent.Decoded(Bytes.of((byte) 0, (byte) 10), Optional.of(Content.of("celsius", 1.0))),
                new Recent.Decoded(Bytes.EMPTY, Optional.of(Content.of("celsius", 5))),
                new Recent.Encoded(Content.of("celsius", 1), Optional.of(Bytes.of((byte) 0, (byte) 10)))), Effort.INSTALLER);
        assertEquals(List.of(), result.findings());
        assertEquals(4, result.compared());
        assertEquals(4, result.different());
        assertEquals(0, result.samples());
        assertEquals(List.of(new Difference("tenths", true, "$.celsius", "0.0", "1.0", 2),
                new Difference("tenths", true, "$", "{\"celsius\":5}", "refused: expected 2 or 3 bytes, got 0", 1),
                new Difference("tenths", false, "$.celsius", "2.0", "1.0", 1)), result.differences());
    }

    @Test
    void notesThatThereAreNoVectors() {
        Result result = SelfTest.run("other", new Tenths(), VECTORS, List.of(), Effort.INSTALLER);
        assertTrue(result.passed());
        assertEquals(List.of("it brings no golden vectors for 'other' in OSGI-INF/vectors/, so nobody can tell whether what it reads and writes is right"),
                result.notes());
    }

    @Test
    void notesBadManners() {
        Codec terse = new Tenths() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                return super.encode(Content.of("celsius", content.values().number("celsius")));
            }
        };
        Result result = SelfTest.run("tenths", terse, VECTORS, List.of(), Effort.INSTALLER);
        assertTrue(result.passed(), result.findings().toString());
        assertTrue(result.notes().get(0).startsWith("encode of null threw java.lang.IllegalArgumentException ('celsius' must be a number, it is missing)"),
                result.notes().toString());
    }

    // Strange content may be met with anything, but whoever is broken by it cannot write good content any more.
    @Test
    void findsWhatIsBrokenByNonsense() {
        Codec breaking = new Tenths() {

            private volatile boolean broken;
            private final AtomicInteger struck = new AtomicInteger();

            @Override
            public Bytes encode(Content content) throws CodecException {
                broken |= content.data() == null;
                if (broken && struck.incrementAndGet() > 20) {
                    throw new NoCodecException("it is in quarantine");
                }
                if (broken) {
                    throw new CodecFaultException("threw something", new IllegalStateException("broken"));
                }
                return super.encode(content);
            }
        };
        Result result = SelfTest.run("tenths", breaking, VECTORS, List.of(), Effort.INSTALLER);
        assertTrue(result.findings().stream().anyMatch(one -> one.startsWith("encode of {\"celsius\":21.5}, once more, threw ")), result.toString());
    }

    // As a guard tells it.
    @Test
    void knowsAFaultFromARefusal() {
        Codec guarded = new Tenths() {
            @Override
            public Content decode(Bytes bytes) throws CodecException {
                if (bytes.isEmpty()) {
                    throw new CodecFaultException("threw java.lang.IllegalStateException", new IllegalStateException("unexpected"));
                }
                return super.decode(bytes);
            }
        };
        List<String> findings = SelfTest.run("tenths", guarded, VECTORS, List.of(), Effort.INSTALLER).findings();
        assertEquals(1, findings.size(), findings.toString());
        assertTrue(findings.get(0).startsWith("decode of no bytes at all threw java.lang.IllegalStateException (unexpected) at io."), findings.get(0));
    }

    // A guarded call that does not come back costs a second, and a stuck thread.
    @Test
    void endsWithTheFirstThatDoesNotComeBack() {
        AtomicInteger calls = new AtomicInteger();
        Codec stuck = new Tenths() {
            @Override
            public Content decode(Bytes bytes) throws CodecException {
                calls.incrementAndGet();
                throw new CodecFaultException("did not come back within 1000 ms");
            }
        };
        Result result = SelfTest.run("tenths", stuck, VECTORS, List.of(), Effort.INSTALLER);
        assertEquals(List.of("decode of vector 'warm' in tenths.json failed: did not come back within 1000 ms"), result.findings());
        assertEquals(1, calls.get());
    }
}
