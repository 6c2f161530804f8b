package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.proof.Probe.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** Whether a codec gives the same for the same: later, in another order, and to many threads. */
final class Repeats {

    private static final int THREADS = 4;

    private final Probe probe;
    private final Findings findings;
    private final List<Bytes> inputs;
    private final List<Content> contents;
    private final List<Bytes> copies;
    private final List<Outcome<Content>> read = new ArrayList<>();
    private final List<Outcome<Bytes>> written = new ArrayList<>();

    Repeats(Probe probe, Findings findings, List<Bytes> inputs, List<Content> contents) {
        this.probe = probe;
        this.findings = findings;
        this.inputs = inputs;
        this.contents = contents;
        copies = inputs.stream().map(bytes -> Bytes.of(bytes.shared())).toList();
        // Two faults are the same outcome, so what is broken by now would repeat itself well.
        inputs.forEach(bytes -> {
            read.add(probe.decode(bytes));
            findings.fault("decode of " + Shown.of(bytes) + ", once more,", read.get(read.size() - 1));
        });
        contents.forEach(content -> {
            written.add(probe.encode(content));
            findings.fault("encode of " + Shown.of(content) + ", once more,", written.get(written.size() - 1));
        });
    }

    /** The other way round, after such things have come between. */
    void again(List<Hostile.Input> between) {
        String when = "after other calls, in another order,";
        for (int i = inputs.size() - 1; i >= 0 && !probe.hopeless(); i--) {
            probe.decode(between.get(i % between.size()).bytes());
            decode(i, when);
        }
        for (int i = contents.size() - 1; i >= 0 && !probe.hopeless(); i--) {
            encode(i, when);
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.get(i).equals(copies.get(i))) {
                findings.add("decode of " + Shown.of(copies.get(i)) + " must leave its input as it is, it made " + Shown.of(inputs.get(i)) + " of it");
            }
        }
    }

    /** By four threads. Returns when they have ended. @param calls of each, about */
    void atOnce(int calls, BooleanSupplier over) {
        if (inputs.isEmpty() && contents.isEmpty()) {
            return;
        }
        CountDownLatch ready = new CountDownLatch(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int first = i;
            Thread thread = new Thread(() -> rounds(first, calls, ready, over), "pantograph-proof-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    thread.interrupt();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void rounds(int first, int calls, CountDownLatch ready, BooleanSupplier over) {
        ready.countDown();
        try {
            ready.await(); // so that they meet
        } catch (InterruptedException e) {
            return;
        }
        String when = "while other threads used it";
        boolean good = true;
        for (int i = 0; i < calls / 2 && good && !over.getAsBoolean(); i++) {
            int at = first + i;
            good = (inputs.isEmpty() || decode(at % inputs.size(), when)) && (contents.isEmpty() || encode(at % contents.size(), when));
        }
    }

    private boolean decode(int i, String when) {
        Outcome<Content> now = probe.decode(inputs.get(i));
        return same("decode of " + Shown.of(copies.get(i)), when, said(read.get(i)), said(now), read.get(i).sameAs(now));
    }

    private boolean encode(int i, String when) {
        Outcome<Bytes> now = probe.encode(contents.get(i));
        return same("encode of " + Shown.of(contents.get(i)), when, said(written.get(i)), said(now), written.get(i).sameAs(now));
    }

    private boolean same(String what, String when, String before, String after, boolean same) {
        if (!same) {
            findings.add(what + ' ' + when + " must give " + before + " as before, it gave " + after);
        }
        return same;
    }

    private static String said(Outcome<?> outcome) {
        if (outcome.made() instanceof Content content) {
            return Shown.of(content);
        }
        if (outcome.made() instanceof Bytes bytes) {
            return Shown.of(bytes);
        }
        return outcome.fault() != null ? "nothing, since it " + outcome.fault() : "a CodecException";
    }
}
