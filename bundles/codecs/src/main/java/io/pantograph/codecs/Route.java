package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecFaultException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Coded;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.core.Recent;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The way to the codec of one format. On it are one volatile read and a lease; all else is for the moments of change. */
final class Route implements CodecRoute {

    private static final Shape<Bytes, Bytes> BYTES = Shape.plain();
    private static final Shape<Content, Content> CONTENT = Shape.plain();
    private static final Shape<Bytes, Coded<Bytes>> BYTES_TOLD = Shape.told();
    private static final Shape<Content, Coded<Content>> CONTENT_TOLD = Shape.told();

    private final String format;
    private final Formats formats;
    private final Patience patience;
    private final Way<Content, Bytes> encoding;
    private final Way<Bytes, Content> decoding;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Generation generation = Generation.UNKNOWN;

    Route(String format, Formats formats, Patience patience) {
        this.format = format;
        this.formats = formats;
        this.patience = patience;
        AtomicLong order = new AtomicLong();
        encoding = Way.encoding(format, order);
        decoding = Way.decoding(format, order);
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public boolean ready() {
        return generation.current() != null;
    }

    @Override
    public Bytes encode(Content content) throws CodecException {
        return call(encoding, BYTES, null, content);
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        return call(decoding, CONTENT, null, bytes);
    }

    @Override
    public Coded<Bytes> encode(DeviceId device, Content content) throws CodecException {
        return call(encoding, BYTES_TOLD, device, content);
    }

    @Override
    public Coded<Content> decode(DeviceId device, Bytes bytes) throws CodecException {
        return call(decoding, CONTENT_TOLD, device, bytes);
    }

    private <I, O, R> R call(Way<I, O> way, Shape<O, R> shape, DeviceId device, I input) throws CodecException {
        boolean given = false;
        while (true) {
            Generation now = generation;
            if (now.current() == null) {
                await(given);
                continue;
            }
            R made = now.tryout() == null ? by(now.current(), way, shape, input) : now.tryout().call(this, now, way, shape, device, input);
            if (made != null) {
                return made;
            }
            given = true;
        }
    }

    /** Has it done by this codec. @return null if the route has turned away from it, and so must be asked again */
    <I, O, R> R by(Slot slot, Way<I, O> way, Shape<O, R> shape, I input) throws CodecException {
        long call = slot.enter();
        if (call < 0) {
            return null;
        }
        try {
            O made = slot.ward.call(way.step, input);
            if (way.samples.wants(call)) {
                way.samples.keep(input, made);
            }
            return shape.of(made, slot);
        } catch (CodecFault e) {
            if (e.called()) {
                slot.failed();
            }
            // A codec whose bundle is half gone throws anything; the message is still whole, so the next one may have it.
            if (generation.has(slot)) {
                throw failed(slot, e);
            }
            return null;
        } catch (CodecException e) {
            if (way.samples.wants(call)) {
                way.samples.keep(input, null);
            }
            throw e;
        } finally {
            slot.leave();
        }
    }

    CodecException failed(Slot slot, CodecFault fault) {
        String did = "the codec for '" + format + "' (" + slot.origin + ") " + fault.getMessage();
        return fault.keeps() ? new NoCodecException(did) : new CodecFaultException(did, fault.getCause());
    }

    Generation generation() {
        return generation;
    }

    /** The newest first. */
    List<Recent> recent() {
        List<Samples.Kept> all = new ArrayList<>();
        encoding.samples.copyTo(all);
        decoding.samples.copyTo(all);
        all.sort(Comparator.comparingLong(Samples.Kept::order).reversed());
        return all.stream().map(Samples.Kept::message).toList();
    }

    /** Returns when there is a codec; throws if it is not to be waited for, or not any longer. */
    private void await(boolean given) throws NoCodecException {
        lock.lock();
        try {
            for (Generation now = generation; now.current() == null; now = generation) {
                if (!now.reason().isEmpty()) {
                    throw new NoCodecException(now.reason(), given);
                }
                long left = now.known() ? patience.left(now.vacant()) : 0;
                if (left <= 0) {
                    throw none(now.known(), given);
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw none(generation.known(), given);
        } finally {
            lock.unlock();
        }
    }

    private NoCodecException none(boolean known, boolean given) {
        SortedSet<String> present = formats.present();
        return known ? new NoCodecException("no codec for format '" + format + "'; installed are "
                + (present.isEmpty() ? "none" : String.join(", ", present)) + "; there was one, which may be back", given)
                : new NoCodecException(format, present);
    }

    /** From now on, between two messages, this one. */
    boolean turnTo(Generation next) {
        return turn(next);
    }

    /** From now on nobody; with the reason if that is not because the codec has left. */
    boolean turnToNobody(String reason) {
        Generation before = generation;
        return (before.current() != null || !before.reason().equals(reason)) && turn(Generation.vacantSince(patience.now(), reason));
    }

    private boolean turn(Generation next) {
        lock.lock();
        try {
            if (generation.equals(next)) {
                return false;
            }
            generation = next;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
