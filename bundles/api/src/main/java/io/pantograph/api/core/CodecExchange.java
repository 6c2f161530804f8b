package io.pantograph.api.core;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Trial;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** How the installer exchanges codecs while messages flow; see {@link Candidate} for the steps. From any thread. */
@ProviderType
public interface CodecExchange {

    /**
     * Holds back the codecs of this bundle: from now on what it registers serves nobody, until {@link Candidate#serve}. To be called
     * before the bundle is started.
     *
     * @param bundle its id in the framework
     * @throws IllegalStateException if it is held already
     */
    Candidate hold(long bundle);

    /** The last real messages of this format, at most 64 of each direction, none above 16 KiB; the newest first. */
    List<Recent> recent(String format);

    /**
     * The codecs of one bundle on trial, for all its formats together. The steps: the bundle is started; {@link #formats} shows them; they are
     * tried through {@link #guarded}; {@link #shadow}, if wanted; {@link #serve}; then the verdict. Then {@link #settle} or {@link #withdraw}.
     */
    @ProviderType
    interface Candidate extends AutoCloseable {

        long bundle();

        /** For which its bundle has registered a codec by now. */
        SortedSet<String> formats();

        /**
         * The codec, for trying it: each call runs where a codec that spins, recurses or allocates without end harms nobody. What no codec may
         * do comes as a {@link CodecFaultException}, with what it threw as the cause if it threw something, so that it can be told from a
         * message that it refuses; once it has been given up, as a {@link NoCodecException}.
         */
        Codec guarded(String format);

        /**
         * Gives it copies of live messages, and compares. Never delays a message: of what it cannot keep up with it misses some. The
         * verdict comes after so many compared messages, or as soon as it cannot be a good one any more; it is held again then.
         *
         * @throws IllegalStateException if it is not held, or if another bundle is on trial for one of its formats
         */
        void shadow(Trial trial, Consumer<Verdict> then);

        /**
         * It serves from now on, the canary's devices first if there is a canary, and what served before stands by. One volatile write:
         * no message waits. A message that fails in it is given whole to what stands by; one that both refuse is the sender's fault, one that
         * only the new one refuses counts against it. While on probation, messages are compared as well (every one of the first 100, then
         * some); if they differ more than they may, what stands by has made the message that goes out.
         *
         * <p>A share that may fail or differ is reckoned of at least 100 calls, or of all that are wanted if those are fewer. Whom
         * nobody stands by for has no canary.
         *
         * @param then told once: after enough calls, or as soon as its limits are broken; on a thread of the codecs' room, when no message is
         *     given to it any more, if it failed: the routes have turned back by then. While it waits, for somebody's word or for others
         *     of its release, told once more if its limits are broken. In quarantine already, it fails at once. Not told after {@link #settle} and {@link #withdraw}
         * @throws IllegalStateException if it is not held or on shadow, or if another bundle is on trial for one of its formats
         */
        void serve(Trial trial, long calls, Consumer<Verdict> then);

        /** Of the present trial, with what was compared on shadow before; vectors and samples are for the installer to add. Cheap. */
        Evidence evidence();

        /**
         * It is proven: what stood by is let go, and drained, and it is chosen like any other from now on, but before all others that are here now.
         *
         * @throws IllegalStateException if it has been withdrawn, or has failed, be it that nobody was told of that yet
         */
        void settle();

        /** The routes turn back to what was before. Returns when no call is inside it, after the configured time at the latest. Twice does no harm. */
        void withdraw();

        /** Its bundle is gone, or about to be; withdraws it first if it was not settled. */
        @Override
        void close();
    }

    /** @param reason one sentence; empty if passed */
    record Verdict(boolean passed, String reason) {
    }
}
