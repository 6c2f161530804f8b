package io.pantograph.codecs;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.Version;

/** Codecs in memory, of made-up bundles: a reading is written as {@code name=number;} each. */
class Stock implements Codec {

    final AtomicLong encoded = new AtomicLong();
    final AtomicLong decoded = new AtomicLong();

    @Override
    public Bytes encode(Content content) throws CodecException {
        encoded.incrementAndGet();
        StringBuilder text = new StringBuilder();
        content.values().forEach((name, value) -> text.append(name).append('=').append(value).append(';'));
        return Bytes.utf8(text.toString());
    }

    @Override
    public Content decode(Bytes bytes) throws CodecException {
        decoded.incrementAndGet();
        Values.Builder values = Values.builder();
        for (String part : bytes.text().split(";")) {
            String[] pair = part.split("=");
            if (pair.length != 2) {
                throw new CodecException("expected name=number");
            }
            values.put(pair[0], Double.valueOf(pair[1]));
        }
        return Content.of(values.build());
    }

    /** The bundle's number is the service's, too. */
    static Slot slot(Codec codec, long bundle, String version) {
        return new Slot(new Ward(codec), new Origin(bundle, "stock.b" + bundle, Version.parseVersion(version), "", 0, bundle));
    }
}
