package io.pantograph.twin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.dialect.Inbound;
import io.pantograph.api.dialect.TwinGrammar.Wish;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.api.twin.Desired;
import io.pantograph.api.twin.DesiredResult;
import io.pantograph.api.wire.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * A hub whose answers and patches are lost, repeated and reordered, and whose connections are cut: in the end device and hub are
 * level, and on the way nothing older was applied after something newer. By chance, but told by its seed.
 */
class ConvergenceTest {

    private static final int TRIALS = 150;
    private static final int STEPS = 600;

    @Test
    void bothTwinsConverge() {
        long first = System.nanoTime();
        int given = 0;
        int cuts = 0;
        int writes = 0;
        for (int i = 0; i < TRIALS; i++) {
            Trial trial = new Trial(first + i);
            try {
                trial.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + trial.seed + " failed: " + e.getMessage() + "\n" + String.join("\n", trial.ledger), e);
            }
            given += trial.given;
            cuts += trial.cuts;
            writes += trial.writes;
        }
        System.out.println("seeds " + first + " to " + (first + TRIALS - 1) + ": " + given + " values given, " + writes + " writes taken, " + cuts + " cuts");
        assertTrue(given > TRIALS * 20 && cuts > TRIALS * 5 && writes > TRIALS * 20, "too little happened to say anything");
    }

    /** The hub, the wire and the author of one device. */
    private static final class Trial {

        final long seed;
        final List<String> ledger = new ArrayList<>();
        int given;
        int cuts;
        int writes;

        private final Random random;
        private final Bench bench = new Bench();
        private boolean faults = true;
        private boolean connected;

        // the hub
        private Values desired = Values.EMPTY;
        private long version = 1;
        private Values reported = Values.EMPTY;
        private final Map<Long, Values> history = new HashMap<>(Map.of(1L, Values.EMPTY));
        private final Deque<Frame> up = new ArrayDeque<>();
        private final List<Runnable> down = new ArrayList<>();

        // the device
        private final Map<Deliveries.Key, Desired> applied = new HashMap<>();
        private final Deque<CompletableFuture<DesiredResult>> inHand = new ArrayDeque<>();
        private long newest;
        private Values told = Values.EMPTY;
        private final List<CompletionStage<Void>> reports = new ArrayList<>();

        Trial(long seed) {
            this.seed = seed;
            random = new Random(seed);
            bench.grammar.mostBytes = 300;
            bench.twin.speaks(Optional.of(bench.grammar));
            bench.add(this::handle, Map.of());
        }

        private CompletionStage<DesiredResult> handle(Desired wanted) {
            Deliveries.Key key = new Deliveries.Key(wanted.component(), wanted.property());
            ledger.add("given " + key + " = " + wanted.value() + " @ " + wanted.version());
            given++;
            assertTrue(wanted.version() >= newest, wanted.version() + " was given after " + newest);
            newest = wanted.version();
            assertEquals(wishes(history.get(wanted.version())).get(key), wanted.value(), "what was wanted of " + key + " in version " + wanted.version());
            if (wanted.value() == null) {
                applied.remove(key);
            } else {
                applied.put(key, wanted);
            }
            CompletableFuture<DesiredResult> answer = new CompletableFuture<>();
            inHand.add(answer);
            return answer;
        }

        private Map<Deliveries.Key, Object> wishes(Values section) {
            Map<Deliveries.Key, Object> all = new HashMap<>();
            for (Wish wish : bench.grammar.wishes(section)) {
                all.put(Deliveries.Key.of(wish), wish.value());
            }
            return all;
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            ledger.add("--- the faults are over");
            faults = false;
            cut(); // the last patch may have been lost, and nobody tells of that but the next read
            connect();
            for (int i = 0; i < 300; i++) {
                drain();
            }
            Map<Deliveries.Key, Object> values = new HashMap<>();
            applied.forEach((key, last) -> values.put(key, last.value()));
            assertEquals(wishes(desired), values, "what is desired");
            assertEquals(told, reported.containsKey("r") ? PlainGrammar.without(reported.values("r"), "__c") : Values.EMPTY, "what is reported");
            reports.forEach(report -> assertTrue(report.toCompletableFuture().isDone(), "a report waits still"));
            reports.forEach(report -> report.toCompletableFuture().join());
            applied.forEach((key, last) -> {
                Values section = key.component().map(reported::values).orElse(reported);
                assertEquals(last.version(), section.values(key.property()).integer("av"), "the answer to " + key);
            });
            assertEquals(List.of(), bench.conditions.stream().filter(one -> one.kind() != io.pantograph.api.model.Condition.Kind.LATE).toList());
        }

        private void drain() {
            while (!up.isEmpty()) {
                serve(up.poll());
            }
            while (!down.isEmpty()) {
                down.remove(0).run();
            }
            while (!inHand.isEmpty()) {
                inHand.poll().complete(DesiredResult.applied());
            }
            bench.clock.advance(Duration.ofSeconds(1));
        }

        private void step() {
            switch (random.nextInt(20)) {
                case 0, 1 -> want();
                case 2, 3 -> report();
                case 4, 5, 6, 7 -> {
                    if (!up.isEmpty()) {
                        serve(up.poll());
                    }
                }
                case 8, 9, 10, 11, 12 -> deliver();
                case 13, 14 -> {
                    if (!inHand.isEmpty()) {
                        inHand.poll().complete(DesiredResult.applied());
                    }
                }
                case 15 -> {
                    if (random.nextInt(4) == 0) {
                        cut();
                    }
                }
                case 16, 17 -> connect();
                case 18 -> bench.clock.advance(Duration.ofMillis(random.nextInt(3_000)));
                default -> {
                    if (random.nextInt(10) == 0) {
                        bench.clock.advance(Duration.ofSeconds(random.nextInt(90)));
                    }
                }
            }
        }

        // --- the hub

        private void want() {
            Values patch = MergeTest.any(random, 3);
            if (random.nextInt(3) == 0) {
                patch = Merge.apply(patch, Values.of("k", Merge.compose(Values.of("__c", true), MergeTest.any(random, 1))));
            } else if (random.nextInt(10) == 0) {
                patch = Merge.compose(patch, Values.of("k", null));
            }
            desired = Merge.apply(desired, patch);
            history.put(++version, desired);
            ledger.add("wanted " + patch + " @ " + version);
            if (connected) {
                Bytes body = Bytes.utf8(Bench.versioned(Bench.text(patch), version));
                down.add(() -> bench.twin.changed(new Inbound.Changed(OptionalLong.empty(), body)));
            }
        }

        private void serve(Frame request) {
            String[] topic = request.topic().split("/");
            if (faults && random.nextInt(8) == 0) {
                int status = random.nextBoolean() ? 429 : 503;
                down.add(() -> bench.twin.answered(new Inbound.Answer(topic[1], status, OptionalLong.empty(), Bytes.EMPTY)));
            } else if (topic[0].equals("get")) {
                ledger.add("read @ " + version);
                Bytes body = Bytes.utf8("{\"desired\":" + Bench.versioned(Bench.text(desired), version) + ",\"reported\":"
                        + Bench.versioned(Bench.text(reported), 1) + "}");
                down.add(() -> bench.twin.answered(new Inbound.Answer(topic[1], 200, OptionalLong.empty(), body)));
            } else {
                writes++;
                Values patch = Bench.json(request.payload().text());
                ledger.add("reported " + patch);
                assertTrue(request.payload().length() <= bench.grammar.mostBytes);
                reported = Merge.apply(reported, patch);
                down.add(() -> bench.twin.answered(new Inbound.Answer(topic[1], 204, OptionalLong.empty(), Bytes.EMPTY)));
            }
        }

        // --- the wire: what goes up is in order or lost with the connection

        private void deliver() {
            if (down.isEmpty()) {
                return;
            }
            int which = random.nextInt(4) == 0 ? random.nextInt(down.size()) : 0;
            switch (random.nextInt(10)) {
                case 0 -> {
                    ledger.add("lost");
                    down.remove(which);
                }
                case 1 -> {
                    ledger.add("repeated");
                    down.get(which).run();
                }
                default -> down.remove(which).run();
            }
        }

        private void cut() {
            if (connected) {
                ledger.add("cut");
                cuts++;
                connected = false;
                for (int served = random.nextInt(2); served > 0 && !up.isEmpty(); served--) {
                    serve(up.poll()); // was taken, but the answer is lost
                }
                up.clear();
                down.clear();
                bench.twin.disconnected();
            }
        }

        private void connect() {
            if (!connected) {
                ledger.add("connected");
                connected = true;
                bench.twin.connected(bench.grammar, frame -> {
                    if (!connected) {
                        return CompletableFuture.failedFuture(new IllegalStateException("it is cut"));
                    }
                    up.add(frame);
                    return CompletableFuture.completedFuture(null);
                });
            }
        }

        // --- the author

        private void report() {
            Values patch = MergeTest.any(random, 3);
            told = Merge.apply(told, patch);
            ledger.add("reports " + patch);
            reports.add(bench.twin.report(Optional.of("r"), patch));
        }
    }
}
