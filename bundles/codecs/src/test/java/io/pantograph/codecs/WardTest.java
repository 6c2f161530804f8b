package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.codecs.CodecFault.Kind;
import io.pantograph.testkit.Await;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What codecs do to others, and how little of it gets through. */
class WardTest {

    private static final long BUDGET = 200_000_000;

    private final Watch watch = new Watch(new Limits(Set.of("trusted"), BUDGET, 1_000, 100_000_000));
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicBoolean go = new AtomicBoolean();
    private final List<Ward> wards = new ArrayList<>();

    private interface Encoding {
        Bytes encode(Content content) throws Exception;
    }

    private Ward ward(String bundle, Encoding encoding) {
        Ward ward = new Ward(bundle + " 1.0.0", bundle, new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                try {
                    return encoding.encode(content);
                } catch (CodecException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public Content decode(Bytes bytes) {
                return Content.of(bytes.text());
            }
        }, watch);
        ward.onTurn(turns::incrementAndGet);
        wards.add(ward);
        return ward;
    }

    private static Bytes encode(Ward ward) throws CodecException, CodecFault {
        return ward.call(Step.ENCODE, Content.of("x"));
    }

    private static CodecFault fault(Ward ward) {
        return assertThrows(CodecFault.class, () -> encode(ward));
    }

    /** What no interruption ends. */
    private Bytes spin() {
        while (!go.get()) {
            Thread.onSpinWait();
        }
        return Bytes.utf8("late");
    }

    @AfterEach
    void end() {
        go.set(true);
        wards.forEach(Ward::close);
        Await.until("all threads of codecs to end", () -> watch.threads() == 0);
        watch.close();
    }

    @Test
    void callsWhoIsTrustedHereAndOthersElsewhere() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Encoding encoding = content -> {
            thread.set(Thread.currentThread());
            return Bytes.EMPTY;
        };
        encode(ward("trusted", encoding));
        assertSame(Thread.currentThread(), thread.get());
        Ward stranger = ward("stranger", encoding);
        encode(stranger);
        assertEquals("pantograph-codec-stranger 1.0.0", thread.get().getName());
        assertTrue(thread.get().isDaemon());
        Thread first = thread.get();
        encode(stranger);
        assertSame(first, thread.get());
        Ward candidate = ward("trusted", encoding);
        candidate.onTrial(true);
        encode(candidate);
        assertNotSame(Thread.currentThread(), thread.get());
    }

    // A codec that failed just now may spin next.
    @Test
    void trustsNobodyAfterAStrikeUntilAllIsWell() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicBoolean bad = new AtomicBoolean(true);
        Ward ward = ward("trusted", content -> {
            thread.set(Thread.currentThread());
            if (bad.getAndSet(false)) {
                throw new IllegalStateException();
            }
            return Bytes.EMPTY;
        });
        assertEquals(Kind.THREW, fault(ward).kind());
        assertEquals(1, ward.strikes());
        for (int i = 0; i < Strikes.WINDOW; i++) {
            encode(ward);
            assertNotSame(Thread.currentThread(), thread.get());
        }
        encode(ward);
        assertSame(Thread.currentThread(), thread.get());
    }

    @Test
    void tellsABadMessageFromABadCodec() throws Exception {
        for (String bundle : new String[] {"trusted", "stranger"}) {
            CodecException own = new CodecException("expected a number");
            Ward ward = ward(bundle, content -> {
                throw own;
            });
            for (int i = 0; i < 500; i++) {
                assertSame(own, assertThrows(CodecException.class, () -> encode(ward)));
            }
            assertEquals(0, ward.strikes());
            assertTrue(ward.open());
        }
    }

    private static final class Endless {
        static int deeper(int n) {
            return deeper(n + 1) + 1;
        }
    }

    @Test
    void catchesWhateverComes() {
        List<Encoding> bad = List.of(content -> {
            throw new IllegalStateException("hunter2");
        }, content -> {
            throw new NoClassDefFoundError("some/codec/Part");
        }, content -> Bytes.utf8("" + Endless.deeper(0)), content -> {
            throw new OutOfMemoryError("pretended");
        }, content -> {
            throw new ThreadDeath();
        });
        String[] told = {"threw java.lang.IllegalStateException", "threw java.lang.NoClassDefFoundError", "threw java.lang.StackOverflowError",
            "threw java.lang.OutOfMemoryError", "threw java.lang.ThreadDeath"};
        for (String bundle : new String[] {"trusted", "stranger"}) {
            for (int i = 0; i < told.length; i++) {
                CodecFault fault = fault(ward(bundle, bad.get(i)));
                assertEquals(told[i], fault.getMessage());
                assertEquals(Kind.THREW, fault.kind());
            }
            assertEquals(Kind.NOTHING, fault(ward(bundle, content -> null)).kind());
            CodecFault large = fault(ward(bundle, content -> Bytes.wrap(new byte[100_000])));
            assertEquals(Kind.TOO_LARGE, large.kind());
            assertEquals("made 100000 bytes of one message, at most 1000 are taken", large.getMessage());
        }
    }

    // Else one author with large messages would take the codec from all others.
    @Test
    void blamesALargeMessageForALargeAnswer() {
        Ward ward = ward("stranger", content -> Bytes.utf8((String) content.data()));
        assertThrows(CodecException.class, () -> ward.call(Step.ENCODE, Content.of("x".repeat(5_000))));
        assertEquals(0, ward.strikes());
    }

    @Test
    void goesIntoQuarantineAfterTwentyStrikesInARow() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Ward ward = ward("stranger", content -> {
            calls.incrementAndGet();
            throw new IllegalStateException();
        });
        for (int i = 0; i < Strikes.IN_A_ROW; i++) {
            assertTrue(ward.open());
            assertTrue(fault(ward).called());
        }
        assertEquals(1, turns.get());
        assertFalse(ward.open());
        assertTrue(ward.reason().startsWith("since it threw java.lang.IllegalStateException 20 times in a row; it is tried again in 0 s"), ward.reason());
        CodecFault not = fault(ward);
        assertEquals(Kind.QUARANTINED, not.kind());
        assertFalse(not.called());
        assertEquals(Strikes.IN_A_ROW, calls.get());
    }

    @Test
    void goesIntoQuarantineWhenEverySecondCallFails() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Ward ward = ward("stranger", content -> calls.incrementAndGet() % 2 == 0 ? null : Bytes.EMPTY);
        for (int i = 1; i < Strikes.WINDOW; i++) {
            if (i % 2 == 0) {
                fault(ward);
            } else {
                encode(ward);
            }
        }
        assertTrue(ward.open());
        fault(ward);
        assertFalse(ward.open());
        assertTrue(ward.reason().startsWith("since it returned null, and failed in 100 of its last 200 calls;"), ward.reason());
    }

    @Test
    void bearsWithACodecThatFailsNowAndThen() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Ward ward = ward("stranger", content -> calls.incrementAndGet() % 3 == 0 ? null : Bytes.EMPTY);
        for (int i = 1; i <= 5 * Strikes.WINDOW; i++) {
            if (i % 3 == 0) {
                fault(ward);
            } else {
                encode(ward);
            }
        }
        assertTrue(ward.open());
    }

    // Without a message of the past it takes one of the present.
    @Test
    void letsOneMessageThroughToSeeWhetherItIsWellAgain() throws Exception {
        Ward ward = ward("trusted", content -> go.get() ? Bytes.utf8("well") : null);
        for (int i = 0; i < Strikes.IN_A_ROW; i++) {
            fault(ward);
        }
        Await.until("the time to try it", ward::halfOpen);
        assertTrue(fault(ward).called());
        assertFalse(ward.halfOpen());
        assertEquals("since it returned null 21 times in a row; it is tried again in 0 s", ward.reason());
        Await.until("the time to try it again", ward::halfOpen);
        go.set(true);
        assertEquals("well", encode(ward).text());
        assertTrue(ward.open());
        assertEquals(0, ward.strikes());
        assertEquals("", ward.reason());
        assertEquals(5, turns.get());
    }

    @Test
    void letsNobodyElseInWhileItIsTried() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch out = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        watch.limits(new Limits(Set.of(), 60_000_000_000L, 1_000, 100_000_000));
        Ward ward = ward("stranger", content -> {
            if (!slow.get()) {
                return null;
            }
            inside.countDown();
            out.await();
            return Bytes.EMPTY;
        });
        for (int i = 0; i < Strikes.IN_A_ROW; i++) {
            fault(ward);
        }
        Await.until("the time to try it", ward::halfOpen);
        slow.set(true);
        CompletableFuture<Bytes> probe = async(ward);
        inside.await();
        assertEquals(Kind.QUARANTINED, fault(ward).kind());
        out.countDown();
        assertEquals(Bytes.EMPTY, Await.result(probe));
        assertTrue(ward.open());
    }

    private static CompletableFuture<Bytes> async(Ward ward) {
        CompletableFuture<Bytes> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(encode(ward));
            } catch (CodecException | CodecFault e) {
                result.completeExceptionally(e);
            }
        }, "caller");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    // The next real message need not pay for it.
    @Test
    void triesItOffTheTrafficWithMessagesOfThePast() throws Exception {
        List<Object> seen = new ArrayList<>();
        Ward ward = ward("stranger", content -> {
            seen.add(content.data());
            return go.get() || content.data().equals("bad") ? Bytes.EMPTY : null;
        });
        AtomicInteger asked = new AtomicInteger();
        ward.samples(() -> {
            asked.incrementAndGet();
            return List.of(new Ward.Sample<>(Step.ENCODE, Content.of("past")), new Ward.Sample<>(Step.DECODE, Bytes.EMPTY));
        });
        for (int i = 0; i < Strikes.IN_A_ROW; i++) {
            fault(ward);
        }
        Await.until("two rounds", () -> asked.get() >= 2);
        assertFalse(ward.open());
        go.set(true);
        Await.until("it to be well", ward::open);
        assertEquals(2, turns.get());
        assertTrue(seen.contains("past"));
    }

    @Test
    void leavesACodecThatDoesNotComeBack() throws Exception {
        Ward ward = ward("stranger", content -> spin());
        CodecFault fault = fault(ward);
        assertEquals(Kind.SPUN, fault.kind());
        assertEquals("did not come back within 200 ms", fault.getMessage());
        Await.until("the quarantine", () -> !ward.open());
        assertTrue(ward.reason().startsWith("since it did not come back within 200 ms; it is"), ward.reason());
        assertEquals(1, ward.stuckThreads());
        assertFalse(fault(ward).called());
        go.set(true);
        Await.until("the thread to end after all", () -> ward.stuckThreads() == 0);
    }

    @Test
    void tellsThoseWhoWaitBehindACodecThatSpins() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        Ward ward = ward("stranger", content -> {
            inside.countDown();
            return spin();
        });
        CompletableFuture<Bytes> first = async(ward);
        inside.await();
        CompletableFuture<Bytes> second = async(ward);
        assertEquals(Kind.SPUN, Await.failure(CodecFault.class, first).kind());
        CodecFault behind = Await.failure(CodecFault.class, second);
        assertEquals(Kind.QUARANTINED, behind.kind());
    }

    @Test
    void wakesACodecThatWaits() throws Exception {
        Ward ward = ward("stranger", content -> {
            new CountDownLatch(1).await();
            return null;
        });
        assertEquals(Kind.SPUN, fault(ward).kind());
        Await.until("the thread to end", () -> ward.stuckThreads() == 0);
    }

    @Test
    void givesUpACodecThatTookFourThreads() throws Exception {
        Ward ward = ward("stranger", content -> spin());
        ward.samples(() -> List.of(new Ward.Sample<>(Step.ENCODE, Content.of("past"))));
        fault(ward);
        Await.until("it to be barred", () -> ward.reason().startsWith("for good"));
        assertEquals("for good, since it holds 4 threads that never came back; update it and restart the gateway", ward.reason());
        assertEquals(4, ward.stuckThreads());
        assertFalse(fault(ward).called());
    }

    @Test
    void givesUpACodecThatAsksForTooMuchMemory() throws Exception {
        assertTrue(Allocations.known());
        watch.limits(new Limits(Set.of(), 600_000_000_000L, 1_000, 60_000_000_000L));
        Ward once = ward("stranger", content -> {
            byte[][] all = new byte[70][];
            for (int i = 0; i < all.length; i++) {
                all[i] = new byte[1 << 20];
            }
            return Bytes.EMPTY;
        });
        CodecFault fault = fault(once);
        assertEquals(Kind.ALLOCATED, fault.kind());
        assertTrue(fault.getMessage().matches("asked for \\d+ MiB of memory for one message, at most 64 are given"), fault.getMessage());
        Ward endless = ward("stranger", content -> {
            long sum = 0;
            while (!go.get()) {
                sum += new byte[1 << 16].length;
            }
            return Bytes.utf8("" + sum);
        });
        assertEquals(Kind.ALLOCATED, fault(endless).kind());
        Await.until("the quarantine", () -> !endless.open());
    }

    // Its own thread waits for it, so nobody else could do it.
    @Test
    void callsACodecThatCallsACodec() throws Exception {
        Ward[] both = new Ward[2];
        both[0] = ward("one", content -> Bytes.utf8("one " + both[1].call(Step.ENCODE, content).text()));
        both[1] = ward("other", content -> content.data().equals("x")
                ? Bytes.utf8("other " + both[0].call(Step.ENCODE, Content.of("y")).text()) : Bytes.utf8("end"));
        assertEquals("one other one end", encode(both[0]).text());
    }

    @Test
    void countsTheCallWhoseThreadWaitsElsewhere() throws Exception {
        AtomicInteger counted = new AtomicInteger();
        encode(ward("stranger", content -> {
            counted.set(Ward.callsOnThisThread());
            return Bytes.EMPTY;
        }));
        assertEquals(1, counted.get());
        assertEquals(0, Ward.callsOnThisThread());
    }

    @Test
    void callsNobodyWhenTheRoomIsClosed() {
        Ward ward = ward("stranger", content -> Bytes.EMPTY);
        watch.close();
        assertEquals(Kind.GONE, fault(ward).kind());
    }

    @Test
    void letsCallersGoWhenTheRoomCloses() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        watch.limits(new Limits(Set.of(), 600_000_000_000L, 1_000, 60_000_000_000L));
        Ward ward = ward("stranger", content -> {
            inside.countDown();
            return spin();
        });
        CompletableFuture<Bytes> caller = async(ward);
        inside.await();
        watch.close();
        assertEquals(Kind.GONE, Await.failure(CodecFault.class, caller).kind());
    }

    @Test
    void keepsTheCallersInterruption() throws Exception {
        Ward ward = ward("stranger", content -> Bytes.EMPTY);
        Thread.currentThread().interrupt();
        assertEquals(Bytes.EMPTY, encode(ward));
        assertTrue(Thread.interrupted());
    }

    @Test
    void givesStrangersNothingOfTheirCallers() throws Exception {
        InheritableThreadLocal<String> mine = new InheritableThreadLocal<>();
        mine.set("mine");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ClassLoader() { });
        try {
            AtomicReference<ClassLoader> loader = new AtomicReference<>();
            assertEquals("null", encode(ward("stranger", content -> {
                loader.set(Thread.currentThread().getContextClassLoader());
                return Bytes.utf8(String.valueOf(mine.get()));
            })).text());
            assertSame(Ward.class.getClassLoader(), loader.get());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            mine.remove();
        }
    }

    @Test
    void keepsNothingOfAThousandCodecsThatCameAndWent() throws Exception {
        List<WeakReference<Object>> codecs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            codecs.add(comesAndGoes(i));
        }
        Await.until("their threads to end", () -> watch.threads() == 0);
        Await.until("their memory to be free", () -> {
            System.gc();
            return codecs.stream().allMatch(codec -> codec.get() == null);
        });
        assertEquals(0, Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("pantograph-codec-codec-")).count());
    }

    private WeakReference<Object> comesAndGoes(int number) throws Exception {
        ThreadLocal<Object> own = new ThreadLocal<>();
        Codec codec = new Codec() {
            @Override
            public Bytes encode(Content content) {
                own.set(this);
                return Bytes.EMPTY;
            }

            @Override
            public Content decode(Bytes bytes) {
                throw new IllegalStateException();
            }
        };
        Ward ward = new Ward("codec-" + number, "stranger", codec, watch);
        encode(ward);
        assertThrows(CodecFault.class, () -> ward.call(Step.DECODE, Bytes.EMPTY));
        ward.close();
        assertEquals(Kind.GONE, fault(ward).kind());
        return new WeakReference<>(codec);
    }
}
