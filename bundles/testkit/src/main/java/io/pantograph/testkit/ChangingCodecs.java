package io.pantograph.testkit;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Coded;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Provenance;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A registry whose codecs come and go by hand, for those who keep messages until one comes. A format that had one is known from then on;
 * nobody waits for one to come back. From any thread.
 */
public final class ChangingCodecs implements Codecs {

    private record Here(Codec codec, Provenance by) {
    }

    private final Map<String, Here> here = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final AtomicLong generation = new AtomicLong();

    /** From now on this one, in the place of another. @param version its provenance is {@code test.FORMAT VERSION} */
    public void put(String format, String version, Codec codec) {
        known.add(format);
        here.put(format, new Here(codec, new Provenance("test." + format, version, "")));
        generation.incrementAndGet();
    }

    /** From now on none. */
    public void take(String format) {
        here.remove(format);
        generation.incrementAndGet();
    }

    @Override
    public CodecRoute route(String format) {
        return new Route(format);
    }

    @Override
    public SortedSet<String> formats() {
        return new TreeSet<>(here.keySet());
    }

    @Override
    public long generation() {
        return generation.get();
    }

    private final class Route implements CodecRoute {

        private final String format;

        Route(String format) {
            this.format = format;
        }

        @Override
        public String format() {
            return format;
        }

        @Override
        public boolean ready() {
            return here.containsKey(format);
        }

        @Override
        public Bytes encode(Content content) throws CodecException {
            return encode(null, content).value();
        }

        @Override
        public Content decode(Bytes bytes) throws CodecException {
            return decode(null, bytes).value();
        }

        @Override
        public Coded<Bytes> encode(DeviceId device, Content content) throws CodecException {
            Here now = now();
            return new Coded<>(now.codec.encode(content), now.by);
        }

        @Override
        public Coded<Content> decode(DeviceId device, Bytes bytes) throws CodecException {
            Here now = now();
            return new Coded<>(now.codec.decode(bytes), now.by);
        }

        private Here now() throws NoCodecException {
            Here now = here.get(format);
            if (now == null) {
                throw known.contains(format) ? new NoCodecException("the codec for '" + format + "' is away") : new NoCodecException(format, formats());
            }
            return now;
        }
    }
}
