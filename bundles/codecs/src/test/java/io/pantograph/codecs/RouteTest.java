package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class RouteTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Formats formats = new Formats(new Patience(2_000, nanos::get));

    private interface Encoding {
        Bytes encode(Content content) throws CodecException;
    }

    private static Slot slot(String version, int ranking, long service, Encoding encoding) {
        return new Slot(new Ward(new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                return encoding.encode(content);
            }

            @Override
            public Content decode(Bytes bytes) {
                return null;
            }
        }), new Origin(service, "some.codec", Version.parseVersion(version), "", ranking, service));
    }

    private static Slot says(String text, String version, int ranking, long service) {
        return slot(version, ranking, service, content -> Bytes.utf8(text));
    }

    private String encode() throws CodecException {
        return formats.route("a").encode(Content.of("x")).text();
    }

    private void add(Slot slot) {
        formats.add(slot, Set.of("a"));
    }

    @Test
    void neverWaitsForAFormatThatNeverHadACodec() {
        formats.add(says("b", "1", 0, 1), Set.of("b", "c"));
        NoCodecException thrown = assertThrows(NoCodecException.class, this::encode);
        assertEquals("no codec for format 'a'; installed are b, c; put a codec bundle for it into the drop folder", thrown.getMessage());
        assertFalse(thrown.wasKnown());
    }

    @Test
    void reckonsTheWaitFromTheDeparture() {
        Slot slot = says("1", "1", 0, 1);
        add(slot);
        nanos.addAndGet(5_000_000_000L);
        formats.remove(slot);
        nanos.addAndGet(2_000_000_000L);
        // The message is worth keeping: there was a codec, there may be one again.
        assertTrue(assertThrows(NoCodecException.class, this::encode).wasKnown());
    }

    @Test
    void prefersRankingThenVersionThenTheLatest() throws CodecException {
        Slot old = says("old", "1.0.0", 0, 1);
        Slot young = says("young", "1.10.0", 0, 2);
        Slot twin = says("twin", "1.10.0", 0, 3);
        Slot ranked = says("ranked", "0.9.0", 5, 4);
        add(young);
        assertEquals("young", encode());
        add(old);
        assertEquals("young", encode());
        add(twin);
        assertEquals("twin", encode());
        add(ranked);
        assertEquals("ranked", encode());
        formats.remove(ranked);
        formats.remove(twin);
        assertEquals("young", encode());
        formats.remove(young);
        assertEquals("old", encode());
    }

    @Test
    void turnsWhateverACodecThrowsIntoACodecException() {
        for (Throwable thrown : new Throwable[] {new IllegalStateException("hunter2"), new NoClassDefFoundError("hunter2"),
            new StackOverflowError(), new AssertionError("hunter2"), new java.io.IOException("hunter2, unseen by the compiler")}) {
            Slot slot = slot("1", 0, 1, content -> RouteTest.<RuntimeException, Bytes>sneak(thrown));
            add(slot);
            CodecException told = assertThrows(CodecException.class, this::encode);
            assertEquals("the codec for 'a' (some.codec 1.0.0) threw " + thrown.getClass().getName(), told.getMessage());
            assertSame(thrown, told.getCause());
            formats.remove(slot);
            // Nobody is left inside.
            assertEquals(0, slot.close(Duration.ZERO, 0));
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable, R> R sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void passesOnWhatTheCodecSaysItself() {
        CodecException own = new CodecException("expected a number");
        add(slot("1", 0, 1, content -> {
            throw own;
        }));
        assertSame(own, assertThrows(CodecException.class, this::encode));
    }

    @Test
    void refusesNullForAnAnswer() {
        add(slot("1", 0, 1, content -> null));
        assertEquals("the codec for 'a' (some.codec 1.0.0) returned null", assertThrows(CodecException.class, this::encode).getMessage());
        assertThrows(CodecException.class, () -> formats.route("a").decode(Bytes.EMPTY));
    }

    // The drain may have run out of time: then the call sees a bundle that is half gone.
    @Test
    void givesAMessageThatWasCaughtInTheMiddleToTheNextCodec() throws CodecException {
        Slot[] first = new Slot[1];
        first[0] = slot("1", 0, 1, content -> {
            formats.remove(first[0]);
            first[0].close(Duration.ZERO, 0);
            add(says("second", "2", 0, 2));
            throw new NoClassDefFoundError("some/codec/Late");
        });
        add(first[0]);
        assertEquals("second", encode());
    }

    @Test
    void closesOnlyWhenTheLastCallHasLeft() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Slot slot = slot("1", 0, 1, content -> {
            inside.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Bytes.utf8("whole");
        });
        add(slot);
        CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> {
            try {
                return encode();
            } catch (CodecException e) {
                throw new IllegalStateException(e);
            }
        });
        inside.await();
        formats.remove(slot);
        CompletableFuture<Long> closed = CompletableFuture.supplyAsync(() -> slot.close(Duration.ofSeconds(60), 0));
        Await.until("the door to close", slot::closed);
        assertTrue(slot.enter() < 0);
        assertFalse(closed.isDone());
        go.countDown();
        assertEquals("whole", Await.result(call));
        assertEquals(0, Await.result(closed));
    }

    @Test
    void doesNotWaitForItsOwnCalls() throws CodecException {
        Slot[] slot = new Slot[1];
        slot[0] = slot("1", 0, 1, content -> Bytes.utf8(String.valueOf(slot[0].close(Duration.ofHours(1), Ward.callsOnThisThread()))));
        add(slot[0]);
        assertEquals("1", encode());
        assertEquals(0, Ward.callsOnThisThread());
    }

    @Test
    void givesTheSameRouteForTheSameFormat() {
        CodecRoute route = formats.route("a");
        assertSame(route, formats.route("a"));
        assertNotSame(route, formats.route("b"));
        assertFalse(route.ready());
        Slot slot = says("1", "1", 0, 1);
        add(slot);
        assertTrue(route.ready());
        assertSame(route, formats.route("a"));
        formats.remove(slot);
        assertSame(route, formats.route("a"));
    }

    // A device may send a million names; what nobody holds is forgotten.
    @Test
    void keepsNoMadeUpNames() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            formats.route("made-up-" + i);
        }
        for (int i = 0; i < 100 && formats.unknownRoutes() >= 5_000; i++) {
            System.gc();
            formats.route("another-" + i);
            formats.sweep();
        }
        assertTrue(formats.unknownRoutes() < 5_000, () -> formats.unknownRoutes() + " kept");
    }

    @Test
    void refusesNamesThatCannotStandInATopic() {
        for (String name : new String[] {"", "a/b", "+", "#", "ä", null}) {
            assertThrows(IllegalArgumentException.class, () -> formats.route(name));
        }
    }
}
