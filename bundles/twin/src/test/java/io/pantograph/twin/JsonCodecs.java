package io.pantograph.twin;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.core.NoCodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** The one format that twins need. */
record JsonCodecs(BooleanSupplier there) implements Codecs {

    @Override
    public CodecRoute route(String format) {
        return new CodecRoute() {
            @Override
            public String format() {
                return format;
            }

            @Override
            public boolean ready() {
                return there.getAsBoolean();
            }

            @Override
            public Bytes encode(Content content) throws CodecException {
                check();
                return JsonWriter.write(content.data());
            }

            @Override
            public Content decode(Bytes bytes) throws CodecException {
                check();
                return Content.of(JsonReader.read(bytes));
            }

            private void check() throws NoCodecException {
                if (!ready()) {
                    throw new NoCodecException(format, formats());
                }
            }
        };
    }

    @Override
    public SortedSet<String> formats() {
        return new TreeSet<>(there.getAsBoolean() ? List.of("json") : List.of());
    }

    @Override
    public long generation() {
        return 1;
    }
}
