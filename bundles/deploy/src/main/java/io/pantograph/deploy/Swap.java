package io.pantograph.deploy;

import io.pantograph.api.core.CodecExchange.Verdict;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.RefusedException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;

/**
 * How one bundle takes the place of another, or goes. The steps come in this order, each once; {@link #withdraw} after any of them, and
 * {@link #look} while it serves. On the one thread of the steps.
 */
interface Swap {

    /** Puts it beside what is there; it serves nobody yet. */
    void place() throws RefusedException, IOException;

    /** Tries it. */
    default void verify() throws RefusedException, IOException {
    }

    /** Gives it copies of live messages. @param then told on any thread; @return false if such a bundle has no shadow */
    default boolean shadow(Consumer<Verdict> then) {
        return false;
    }

    /** From now on it serves, and can still be taken back. @param then told once, on any thread, what came of it */
    void serve(Consumer<Verdict> then) throws RefusedException;

    /** Asked about once a second while it serves, for a swap that has to ask others. */
    default void look() {
    }

    default Evidence evidence() {
        return Evidence.NONE;
    }

    /** The last moment at which it may fail. From now on it is what serves, but can still be taken back. @throws RefusedException if it has failed */
    default void commit() throws RefusedException {
    }

    /** It is proven: what was there before goes. Fails at nothing. */
    void settle();

    /** What was there before is back, and it is gone. Fails at nothing. */
    void withdraw();

    /** The bundle that it brings; empty before it is placed, and if it brings none. */
    Optional<Bundle> bundle();
}
