package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/** How the routes go around a codec in quarantine, and back. */
class QuarantineTest {

    private static final long SOON = 100_000_000;
    private static final long NEVER = 1_000_000_000_000L;

    private final Formats formats = new Formats(new Patience(2_000, System::nanoTime));
    private final AtomicBoolean well = new AtomicBoolean(true);
    private Watch watch;

    private Slot slot(long bundle, String version, long probe, Codec codec) {
        if (watch == null) {
            watch = new Watch(new Limits(Set.of(), 200_000_000, 1_000, probe));
        }
        Origin origin = new Origin(bundle, "stock.b" + bundle, Version.parseVersion(version), "", 0, bundle);
        return new Slot(new Ward(origin.toString(), origin.bundle(), codec, watch), origin);
    }

    private Codec says(String text) {
        return new Stock() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                if (!well.get()) {
                    throw new IllegalStateException();
                }
                return Bytes.utf8(text);
            }
        };
    }

    private String encode() throws CodecException {
        return formats.route("a").encode(Content.of("x")).text();
    }

    private void fallIll() {
        well.set(false);
        for (int i = 1; i < Strikes.IN_A_ROW; i++) {
            CodecException thrown = assertThrows(CodecException.class, this::encode);
            assertFalse(thrown instanceof NoCodecException);
        }
    }

    @AfterEach
    void end() {
        formats.all().values().forEach(here -> here.forEach(slot -> slot.ward.close()));
        if (watch != null) {
            watch.close();
        }
    }

    @Test
    void keepsMessagesForACodecInQuarantine() {
        formats.add(slot(1, "1.0.0", NEVER, says("one")), Set.of("a"));
        long before = formats.generation();
        fallIll();
        // Nobody knows whether it is this message or the codec, so it has another chance.
        NoCodecException kept = assertThrows(NoCodecException.class, this::encode);
        assertTrue(kept.wasKnown());
        assertTrue(kept.wasGiven());
        assertFalse(assertThrows(NoCodecException.class, this::encode).wasGiven(), "it is not called any more");
        assertEquals("the codec for 'a' (stock.b1 1.0.0) is in quarantine since it threw java.lang.IllegalStateException 20 times in a row; "
                + "it is tried again in 1000 s", kept.getMessage());
        assertEquals(before + 1, formats.generation());
        assertEquals("[]", formats.present().toString());
    }

    @Test
    void letsTheNextBestTakeOver() throws Exception {
        Slot better = slot(2, "2.0.0", NEVER, says("two"));
        formats.add(slot(1, "1.0.0", NEVER, new Stock()), Set.of("a"));
        formats.add(better, Set.of("a"));
        assertEquals("two", encode());
        fallIll();
        assertEquals("v=1;", formats.route("a").encode(Content.of("v", 1)).text());
        assertFalse(better.ward.open());
    }

    @Test
    void comesBackByAMessageOfThePast() throws Exception {
        Slot slot = slot(1, "1.0.0", SOON, says("one"));
        formats.add(slot, Set.of("a"));
        assertEquals("one", encode());
        fallIll();
        assertThrows(NoCodecException.class, this::encode);
        well.set(true);
        long calls = slot.calls();
        Await.until("it to be well", slot.ward::open);
        assertEquals(calls + 1, slot.calls());
        assertEquals("one", encode());
    }

    @Test
    void comesBackByAMessageOfThePresentIfThereIsNoOther() throws Exception {
        well.set(false);
        Slot slot = slot(1, "1.0.0", SOON, says("one"));
        formats.add(slot, Set.of("a"));
        fallIll();
        assertThrows(NoCodecException.class, this::encode);
        Await.until("the time to try it", () -> formats.route("a").ready());
        assertFalse(slot.ward.open());
        well.set(true);
        assertEquals("one", encode());
        assertTrue(slot.ward.open());
    }

    // Whoever is not let in while another message is tried has not been tried.
    @Test
    void isTriedWithOneMessageWhileOthersHaveNotBeenInIt() throws Exception {
        well.set(false);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch on = new CountDownLatch(1);
        Slot slot = slot(1, "1.0.0", SOON, new Stock() {
            @Override
            public Bytes encode(Content content) {
                if (!well.get()) {
                    throw new IllegalStateException();
                }
                inside.countDown();
                try {
                    on.await(150, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return Bytes.utf8("one");
            }
        });
        formats.add(slot, Set.of("a"));
        fallIll();
        assertThrows(NoCodecException.class, this::encode);
        Await.until("the time to try it", () -> formats.route("a").ready());
        well.set(true);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
            try {
                return encode();
            } catch (CodecException e) {
                throw new CompletionException(e);
            }
        });
        inside.await();
        NoCodecException other = assertThrows(NoCodecException.class, this::encode);
        assertTrue(other.wasKnown());
        assertFalse(other.wasGiven());
        on.countDown();
        assertEquals("one", first.get());
        assertEquals("one", encode());
    }

    // Nothing of the package may be there when the bundle is resolved without it.
    @Test
    void goesWithoutWhatOnlySomeMachinesTell() throws Exception {
        ClassLoader poor = new ClassLoader(null) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("com.sun.management.")) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }

            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                try (InputStream in = QuarantineTest.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        Class<?> type = poor.loadClass(Allocations.class.getName());
        var known = type.getDeclaredMethod("known");
        known.setAccessible(true);
        assertEquals(false, known.invoke(null));
        var of = type.getDeclaredMethod("of", Thread.class);
        of.setAccessible(true);
        assertEquals(0L, of.invoke(null, Thread.currentThread()));
    }
}
