package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What one bad codec does to the others, in figures: {@code main} prints them and takes about a minute. Three good codecs are given 2,000
 * messages a second each, a bad one 500; and what a call costs here and on a thread of its own.
 */
final class Neighbours {

    private static final int GOOD = 2_000;
    private static final int BAD = 500;

    private Neighbours() {
    }

    private interface Encoding {
        Bytes encode(Content content) throws CodecException;
    }

    private static Codec codec(Encoding encoding) {
        return new Codec() {
            @Override
            public Bytes encode(Content content) throws CodecException {
                return encoding.encode(content);
            }

            @Override
            public Content decode(Bytes bytes) {
                return Content.of(bytes.text());
            }
        };
    }

    private static int deeper(int n) {
        return deeper(n + 1) + 1;
    }

    private static byte[] waste(int chunk) {
        byte[] last = null;
        while (!Thread.currentThread().isInterrupted()) {
            last = new byte[chunk];
        }
        return last;
    }

    private static Map<String, Encoding> bad() {
        Map<String, Encoding> all = new LinkedHashMap<>();
        all.put("nobody bad", content -> Bytes.EMPTY);
        all.put("throws", content -> {
            throw new IllegalStateException();
        });
        all.put("recurses", content -> Bytes.utf8("" + deeper(0)));
        all.put("asks for memory", content -> Bytes.wrap(waste(1 << 20)));
        all.put("waits", content -> {
            LockSupport.park();
            return Bytes.wrap(waste(1));
        });
        all.put("spins", content -> {
            while (true) {
                Thread.onSpinWait();
            }
        });
        return all;
    }

    /** Sends at a steady rate. */
    private static final class Sender extends Thread {
        final Ward ward;
        final int rate;
        final long[] nanos;
        int sent;
        int failed;
        private final long end;

        Sender(Ward ward, int rate, int seconds) {
            this.ward = ward;
            this.rate = rate;
            nanos = new long[rate * seconds];
            end = System.nanoTime() + seconds * 1_000_000_000L;
            setDaemon(true);
        }

        @Override
        public void run() {
            long begin = System.nanoTime();
            Content content = Content.of("x");
            while (sent + failed < nanos.length && System.nanoTime() < end) {
                long due = begin + (sent + failed) * 1_000_000_000L / rate;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                long call = System.nanoTime();
                try {
                    ward.call(Step.ENCODE, content);
                    nanos[sent++] = System.nanoTime() - call;
                } catch (CodecException | CodecFault e) {
                    failed++;
                }
            }
        }
    }

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        cost("here", Set.of("good"));
        cost("on a thread of its own", Set.of());
        for (Map.Entry<String, Encoding> kind : bad().entrySet()) {
            Watch watch = new Watch(new Limits(Set.of(), 1_000_000_000L, 1 << 20, 2_000_000_000L));
            Ward worst = new Ward("bad", "bad", codec(kind.getValue()), watch);
            List<Sender> good = List.of(1, 2, 3).stream()
                    .map(n -> new Sender(new Ward("good-" + n, "good", codec(content -> Bytes.EMPTY), watch), GOOD, seconds)).toList();
            Sender bad = new Sender(worst, BAD, seconds);
            good.forEach(Thread::start);
            bad.start();
            for (Sender sender : good) {
                sender.join();
            }
            bad.join();
            int sent = good.stream().mapToInt(sender -> sender.sent).sum();
            long[] all = good.stream().flatMapToLong(sender -> Arrays.stream(sender.nanos, 0, sender.sent)).sorted().toArray();
            System.out.printf("%-16s good ones %6.2f %% of their rate, p50 %6.1f us, p99 %8.1f us; the bad one: %d sent, %d failed, %d stuck %s%n",
                    kind.getKey(), 100.0 * sent / (3.0 * GOOD * seconds), all[all.length / 2] / 1e3, all[all.length * 99 / 100] / 1e3,
                    bad.sent, bad.failed, worst.stuckThreads(), worst.reason());
            good.forEach(sender -> sender.ward.close());
            worst.close();
            watch.close();
        }
    }

    private static void cost(String where, Set<String> trusted) throws Exception {
        Watch watch = new Watch(new Limits(trusted, 1_000_000_000L, 1 << 20, 2_000_000_000L));
        Ward ward = new Ward("good", "good", codec(content -> Bytes.EMPTY), watch);
        Content content = Content.of("x");
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            int calls = trusted.isEmpty() ? 50_000 : 5_000_000;
            long begin = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                ward.call(Step.ENCODE, content);
            }
            best = Math.min(best, (System.nanoTime() - begin) / calls);
        }
        System.out.printf("a call %s: %d ns%n", where, best);
        ward.close();
        watch.close();
    }
}
