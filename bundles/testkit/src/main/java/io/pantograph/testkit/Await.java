package io.pantograph.testkit;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits, never for ever, for what other threads do. */
public final class Await {

    /** Long for a person, since a busy machine stalls for seconds; short of a hung build. */
    public static final Duration USUAL = Duration.ofSeconds(30);

    private Await() {
    }

    /** Waits until it is so, at most {@link #USUAL}. @throws AssertionError naming what did not happen */
    public static void until(String what, BooleanSupplier condition) {
        until(what, USUAL, condition);
    }

    /** Waits until it is so. @throws AssertionError naming what did not happen */
    public static void until(String what, Duration atMost, BooleanSupplier condition) {
        until(() -> what, atMost, condition);
    }

    /** Waits until it is so. @param what asked for only if it does not happen, so that it can tell how far it came */
    public static void until(Supplier<String> what, Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not happen within " + atMost.toMillis() + " ms: " + what.get());
            }
            pause();
        }
    }

    /** What the stage completes with, within {@link #USUAL}. @throws AssertionError if it fails or does not complete */
    public static <T> T result(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(USUAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the stage failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the stage did not complete within " + USUAL.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What the stage fails with, within {@link #USUAL}. @throws AssertionError if it succeeds, does not complete, or fails otherwise */
    public static <E extends Throwable> E failure(Class<E> kind, CompletionStage<?> stage) {
        try {
            Object result = stage.toCompletableFuture().get(USUAL.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("the stage should have failed with " + kind.getSimpleName() + " but gave " + result);
        } catch (ExecutionException e) {
            if (kind.isInstance(e.getCause())) {
                return kind.cast(e.getCause());
            }
            throw new AssertionError("the stage should have failed with " + kind.getSimpleName() + " but: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the stage did not complete within " + USUAL.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
