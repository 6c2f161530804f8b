package io.pantograph.testkit;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A registry without services: one codec for all formats that are there.
 *
 * @param present the formats that are there now; asked each time, so that a test can let them come and go
 */
public record PlainCodecs(Codec codec, Supplier<Set<String>> present) implements Codecs {

    /** These formats are always there. */
    public PlainCodecs(Codec codec, String... formats) {
        this(codec, () -> Set.of(formats));
    }

    @Override
    public CodecRoute route(String format) {
        return new Route(this, format);
    }

    @Override
    public SortedSet<String> formats() {
        return new TreeSet<>(present.get());
    }

    @Override
    public long generation() {
        return 1;
    }

    private record Route(PlainCodecs codecs, String format) implements CodecRoute {

        @Override
        public boolean ready() {
            return codecs.present.get().contains(format);
        }

        @Override
        public Bytes encode(Content content) throws CodecException {
            return there().encode(content);
        }

        @Override
        public Content decode(Bytes bytes) throws CodecException {
            return there().decode(bytes);
        }

        private Codec there() throws NoCodecException {
            if (!ready()) {
                throw new NoCodecException(format, codecs.formats());
            }
            return codecs.codec;
        }
    }
}
