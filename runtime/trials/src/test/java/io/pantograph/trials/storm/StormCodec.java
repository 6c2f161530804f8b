package io.pantograph.trials.storm;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A codec that goes wrong in the manner that its component's description says, or not at all; in some manners only for numbers below zero. */
public final class StormCodec implements Codec {

    private final AtomicInteger calls = new AtomicInteger();
    private volatile String manner = "good";
    private volatile boolean active;
    private volatile byte[] waste;

    public void activate(Map<String, Object> properties) {
        manner = String.valueOf(properties.get("manner"));
        if (manner.equals("constructor")) {
            throw new IllegalStateException("this component cannot be made");
        }
        active = true;
    }

    public void deactivate() {
        active = false;
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        int call = calls.incrementAndGet();
        if (!active) {
            throw new IllegalStateException("called after its end");
        }
        switch (manner) {
            case "late" -> {
                if (call > 3_000) {
                    throw new IllegalStateException("it breaks after 3,000 calls");
                }
            }
            case "spin" -> {
                while (call > 1_500 && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            }
            default -> {
            }
        }
        long n = number(content);
        if (n < 0) {
            misbehave();
        }
        return Bytes.utf8(manner.equals("wrong") && call > 1_500 ? "n=" + (n + 1) : "n=" + n);
    }

    private static long number(Content content) throws CodecException {
        try {
            return content.values().integer("n");
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CodecException("a storm carries {\"n\": a whole number}", e);
        }
    }

    private void misbehave() {
        switch (manner) {
            case "throws" -> throw new IllegalStateException("it throws");
            case "spins" -> {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            }
            case "recurses" -> deeper(0);
            case "allocates" -> {
                while (!Thread.currentThread().isInterrupted()) {
                    waste = new byte[1 << 20];
                }
            }
            default -> {
            }
        }
    }

    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        if (!active) {
            throw new IllegalStateException("called after its end");
        }
        try {
            String text = bytes.text();
            if (text.startsWith("n=") && text.equals("n=" + Long.parseLong(text.substring(2)))) {
                return Content.of(Values.of("n", Long.parseLong(text.substring(2))));
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CodecException("expected n= and a whole number", e);
        }
        throw new CodecException("expected n= and a whole number");
    }
}
