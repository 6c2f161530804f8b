package io.pantograph.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.OutboxLane;
import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.DeliveryException;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Qos;
import io.pantograph.api.transport.Connection;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.api.wire.Frame;
import io.pantograph.api.wire.Login;
import io.pantograph.api.wire.Subscription;
import io.pantograph.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authors and acknowledgements on many threads at once: nothing is left lying, the window holds, each author's order too. */
@Timeout(120)
class UplinkUnderLoadTest {

    private static final int AUTHORS = 3;
    private static final int EACH = 30_000;

    // What goes wrong here is a reading that nobody sends: the one who appended saw a full window, the one who made room saw an empty lane.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 100})
    void nothingIsLeftLying(int window) throws InterruptedException {
        Lane lane = new Lane();
        Wire wire = new Wire();
        Uplink uplink = new Uplink(House.DEVICE, lane, window, Runnable::run);
        uplink.open(new PlainProfile(), wire, failure -> { });
        List<Thread> authors = new ArrayList<>();
        for (int author = 0; author < AUTHORS; author++) {
            int me = author;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < EACH; i++) {
                    lane.append(new Reading(me + ":" + i, "text", Bytes.EMPTY, i % 3 == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE, Map.of(),
                            Optional.empty(), Optional.empty(), Instant.EPOCH, Optional.empty()));
                    if (i % 1000 == 0) {
                        Thread.yield(); // now and then the lane is empty
                    }
                }
            });
            authors.add(thread);
            thread.start();
        }
        Await.until(() -> "all to be acknowledged: " + lane.acknowledged + " of " + AUTHORS * EACH, Duration.ofSeconds(60),
                () -> lane.acknowledged.get() == AUTHORS * EACH);
        for (Thread author : authors) {
            author.join();
        }
        wire.answers.add(wire.end);
        assertTrue(wire.most <= window, wire.most + " were under way in a window of " + window);
        int[] next = new int[AUTHORS];
        for (String topic : wire.sent) {
            int author = topic.charAt(0) - '0';
            assertEquals(author + ":" + next[author]++, topic);
        }
    }

    /** Acknowledges on a thread of its own. */
    private static final class Wire implements Connection {

        final List<String> sent = new ArrayList<>();
        final BlockingQueue<CompletableFuture<Void>> answers = new LinkedBlockingQueue<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();
        final AtomicInteger underWay = new AtomicInteger();
        volatile int most;

        Wire() {
            Thread hub = new Thread(() -> {
                try {
                    for (CompletableFuture<Void> next = answers.take(); next != end; next = answers.take()) {
                        underWay.decrementAndGet();
                        next.complete(null);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            hub.setDaemon(true);
            hub.start();
        }

        @Override
        public CompletionStage<Void> publish(Frame frame) {
            sent.add(frame.topic());
            most = Math.max(most, underWay.incrementAndGet());
            CompletableFuture<Void> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<Void> subscribe(List<Subscription> subscriptions) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static final class Lane implements OutboxLane {

        private record Item(Reading reading) implements Entry {

            @Override
            public long sequence() {
                return 0;
            }
        }

        final AtomicInteger acknowledged = new AtomicInteger();
        private final Queue<Item> waiting = new ConcurrentLinkedQueue<>();
        private volatile Runnable wake;

        @Override
        public CompletionStage<Void> append(Reading reading) {
            waiting.add(new Item(reading));
            wake.run();
            return new CompletableFuture<>();
        }

        @Override
        public Entry poll() {
            return waiting.poll();
        }

        @Override
        public void acknowledge(Entry entry) {
            acknowledged.incrementAndGet();
        }

        @Override
        public void refuse(Entry entry, DeliveryException why) {
            throw new IllegalStateException(why);
        }

        @Override
        public void rewind() {
        }

        @Override
        public void whenFilled(Runnable wake) {
            this.wake = wake;
        }

        @Override
        public int depth() {
            return waiting.size();
        }

        @Override
        public void close() {
        }
    }

    private static final class PlainProfile implements Profile {

        @Override
        public DeviceId device() {
            return House.DEVICE;
        }

        @Override
        public Endpoint endpoint() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Login login(Instant now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Subscription> subscriptions() {
            return List.of();
        }

        @Override
        public void check(Reading reading) {
        }

        @Override
        public Frame frame(Reading reading) {
            return new Frame(reading.event(), reading.payload(), reading.qos());
        }

        @Override
        public Inbound read(String topic, Bytes payload) {
            throw new UnsupportedOperationException();
        }
    }
}
