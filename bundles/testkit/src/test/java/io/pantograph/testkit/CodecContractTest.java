package io.pantograph.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The contract kept, by inheritance; and, below, each of its tests failing for one that breaks it. */
class CodecContractTest extends CodecContract {

    @Override
    protected Codec codec() {
        return new Percent();
    }

    /** One byte, 0 to 100. */
    @CodecFormat(format = "percent")
    static class Percent implements Codec {

        @Override
        public Bytes encode(Content content) throws CodecException {
            if (content.data() instanceof Values values && values.get("percent") instanceof Number number
                    && number.doubleValue() >= 0 && number.doubleValue() <= 100) {
                return Bytes.of(number.byteValue());
            }
            throw new CodecException("expected {\"percent\": 0 to 100}");
        }

        @Override
        public Content decode(Bytes bytes) throws CodecException {
            if (bytes.length() != 1 || bytes.at(0) < 0 || bytes.at(0) > 100) {
                throw new CodecException("expected one byte, 0 to 100");
            }
            return Content.of("percent", (int) bytes.at(0));
        }
    }

    private static CodecContract of(Codec codec) {
        return new CodecContract() {
            @Override
            protected Codec codec() {
                return codec;
            }

            @Override
            protected String format() {
                return "percent";
            }

            @Override
            protected List<Content> furtherContents() {
                return List.of(Content.of("percent", 101));
            }
        };
    }

    @Test
    void failsForAWrongVectorForNonsenseAndForContentsThatCannotBeWritten() {
        CodecContract broken = of(new Percent() {
            @Override
            public Content decode(Bytes bytes) {
                return Content.of("percent", (int) bytes.at(0));
            }
        });
        assertEquals("decode of vector 'more than all' in percent.json must fail with a CodecException, but it gave {\"percent\":101}",
                assertThrows(AssertionError.class, broken::readsAndWritesItsVectors).getMessage());
        assertTrue(assertThrows(AssertionError.class, broken::standsNonsense).getMessage()
                .startsWith("decode of no bytes at all threw java.lang.ArrayIndexOutOfBoundsException"));
        assertTrue(assertThrows(AssertionError.class, broken::writesWhatItIsGiven).getMessage()
                .startsWith("encode of a content of furtherContents() failed: io.pantograph.api.codec.CodecException: expected {"));
    }

    // What the installer only notes.
    @Test
    void failsForBadManners() {
        CodecContract rude = of(new Percent() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                content.values();
                return super.encode(content);
            }
        });
        assertTrue(assertThrows(AssertionError.class, rude::standsNonsense).getMessage()
                .startsWith("encode of true threw java.lang.IllegalStateException"));
    }

    @Test
    void asksForTheFormat() {
        CodecContract bare = new CodecContract() {
            @Override
            protected Codec codec() {
                return new Percent() {
                };
            }
        };
        assertTrue(assertThrows(AssertionError.class, bare::readsAndWritesItsVectors).getMessage().contains("has no @CodecFormat; annotate it, or override"));
    }

    @Test
    void saysWhereItHangs() {
        AtomicBoolean end = new AtomicBoolean();
        WatchedCodec watched = new WatchedCodec(new Percent() {
            @Override
            public Content decode(Bytes bytes) {
                while (!end.get()) {
                    LockSupport.parkNanos(1_000_000);
                }
                return null;
            }
        }, Duration.ofMillis(20));
        AssertionError stuck = assertThrows(AssertionError.class, () -> watched.during(() -> {
            try {
                return watched.decode(Bytes.EMPTY);
            } catch (CodecException e) {
                return null;
            }
        }));
        end.set(true);
        assertEquals("the codec has not come back for 20 ms; the trace shows where it is", stuck.getMessage());
        assertTrue(List.of(stuck.getStackTrace()).toString().contains("CodecContractTest"), List.of(stuck.getStackTrace()).toString());
    }

    /** Leaves a value of a class of its own with each thread that calls it. */
    static class Leaking extends CodecContract {

        @CodecFormat(format = "percent")
        static class Held extends Percent {

            private static final ThreadLocal<Held> LAST = new ThreadLocal<>();

            @Override
            public Content decode(Bytes bytes) throws CodecException {
                LAST.set(this);
                return super.decode(bytes);
            }
        }

        @Override
        protected Codec codec() {
            return new Held();
        }
    }

    /** Leaves a thread. */
    static class Threading extends CodecContract {

        @CodecFormat(format = "percent")
        static class Starter extends Percent {

            @Override
            public Content decode(Bytes bytes) throws CodecException {
                Thread thread = new Thread(() -> {
                    while (System.getProperty("codec-contract-test.end") == null) {
                        LockSupport.parkNanos(1_000_000);
                    }
                }, "left-over");
                thread.setDaemon(true);
                thread.start();
                return super.decode(bytes);
            }
        }

        @Override
        protected Codec codec() {
            return new Starter();
        }
    }

    @Test
    void findsClassesThatCannotGo() {
        assertTrue(assertThrows(AssertionError.class, new Leaking()::leavesNothingBehind).getMessage().startsWith("the codec's class loader cannot be"));
        System.clearProperty("codec-contract-test.end");
        try {
            assertTrue(assertThrows(AssertionError.class, new Threading()::leavesNothingBehind).getMessage().endsWith("before: left-over"));
        } finally {
            System.setProperty("codec-contract-test.end", "");
        }
    }
}
