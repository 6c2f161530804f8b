package io.pantograph.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecExchange.Candidate;
import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.core.Coded;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Share;
import io.pantograph.api.operator.Trial;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Thousands of swaps, one in five of something that is no good, under threads that keep a ledger of what every message must come to. */
class StormTest {

    private static final int SWAPS = 1_000;
    private static final int THREADS = 4;

    private final Formats formats = new Formats(new Patience(0, System::nanoTime));
    private final AtomicBoolean end = new AtomicBoolean();
    private final LongAdder sent = new LongAdder();
    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());

    /** Good until somebody takes it away. */
    private static class Good extends Stock {

        volatile boolean gone;

        @Override
        public Bytes encode(Content content) throws CodecException {
            check();
            Bytes bytes = super.encode(content);
            check();
            return bytes;
        }

        @Override
        public Content decode(Bytes bytes) throws CodecException {
            check();
            Content content = super.decode(bytes);
            check();
            return content;
        }

        private void check() {
            if (gone) {
                throw new IllegalStateException("called after its end");
            }
        }
    }

    private static Good bad(int kind) {
        return switch (kind) {
            case 0 -> breaking(new NoClassDefFoundError("stock/Late"), 1);
            case 1 -> breaking(new IllegalStateException("after a while"), 80);
            case 2 -> new Good() {
                @Override
                public Content decode(Bytes bytes) throws CodecException {
                    throw new CodecException("not to my taste");
                }
            };
            case 3 -> new Good() {
                @Override
                public Bytes encode(Content content) {
                    return null;
                }
            };
            default -> new Good() {
                @Override
                public Bytes encode(Content content) throws CodecException {
                    return Bytes.utf8(super.encode(content).text().replace("=", "=1"));
                }
            };
        };
    }

    private static Good breaking(Throwable thrown, int at) {
        return new Good() {
            private final AtomicLong calls = new AtomicLong();

            @Override
            public Bytes encode(Content content) throws CodecException {
                if (calls.incrementAndGet() >= at) {
                    StormTest.<RuntimeException>sneak(thrown);
                }
                return super.encode(content);
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private void send(int thread) {
        DeviceId device = new DeviceId("meter", "m-" + thread);
        for (int i = 0; !end.get(); i++) {
            Content content = Content.of("celsius", (double) i);
            String written = "celsius=" + (double) i + ';';
            try {
                Coded<Bytes> encoded = formats.route("a").encode(device, content);
                Content decoded = formats.route(i % 2 == 0 ? "a" : "b").decode(device, Bytes.utf8(written)).value();
                if (!encoded.value().text().equals(written) || !decoded.equals(content)) {
                    failed.add(encoded + " and " + decoded + " of " + content);
                }
            } catch (CodecException | RuntimeException e) {
                failed.add(String.valueOf(e));
            }
            sent.increment();
        }
    }

    @Test
    void losesNoMessageInThousandsOfSwaps() throws Exception {
        Crew crew = new Crew();
        Exchange exchange = new Exchange(formats, crew, () -> Duration.ofSeconds(30));
        Good serving = new Good();
        Slot slot = Stock.slot(serving, 1, "1.0.0");
        formats.add(slot, Set.of("a", "b"));
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            senders.add(new Thread(() -> send(number), "sender-" + i));
        }
        senders.forEach(Thread::start);
        int back = 0;
        for (int i = 0; i < SWAPS; i++) {
            boolean good = i % 5 != 4;
            Good next = good ? new Good() : bad(i / 5 % 5);
            Slot young = Stock.slot(next, 2 + i, (i % 3) + ".0.0");
            Candidate candidate = exchange.hold(2 + i);
            formats.add(young, Set.of("a", "b"));
            Optional<Share> canary = i % 2 == 0 ? Optional.empty() : Optional.of(new Share(Set.of(), Set.of(), 50));
            CompletableFuture<Verdict> verdict = new CompletableFuture<>();
            candidate.serve(new Trial(0, canary, 20, OptionalLong.empty(), 0, 0, Optional.empty(), false), 200, verdict::complete);
            assertEquals(good, Await.result(verdict).passed(), verdict.join().reason());
            if (good) {
                candidate.settle();
                retire(slot, serving);
                slot = young;
                serving = next;
                if (i > 2) {
                    // Whoever tries it must not be found any more by who comes later.
                    assertEquals(1, formats.all().get("a").size());
                }
            } else {
                back++;
                candidate.withdraw();
                retire(young, next);
            }
            candidate.close();
        }
        end.set(true);
        for (Thread sender : senders) {
            sender.join(30_000);
        }
        crew.close();
        System.out.printf("%d swaps, %d taken back, under %d threads: %d messages, %d failed%n", SWAPS, back, THREADS, sent.sum(), failed.size());
        assertEquals(List.of(), failed.subList(0, Math.min(5, failed.size())));
        assertTrue(sent.sum() > SWAPS, sent.toString());
        assertEquals(SWAPS / 5, back);
    }

    // As the framework does it: first nobody finds it, then nobody is inside, then it is stopped.
    private void retire(Slot slot, Good codec) {
        formats.remove(slot);
        assertEquals(0, slot.close(Duration.ofSeconds(30), 0));
        codec.gone = true;
    }
}
