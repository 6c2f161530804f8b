package io.pantograph.deploy.stock;

import io.pantograph.api.codec.Codec;
import io.pantograph.api.codec.CodecFormat;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import org.osgi.service.component.annotations.Component;

/** Starts, and cannot be made. */
@Component
@CodecFormat(format = "custom")
public final class BrokenCodec implements Codec {

    public BrokenCodec() {
        throw new IllegalStateException("this codec cannot be made");
    }

    @Override
    public Bytes encode(Content content) {
        return Bytes.EMPTY;
    }

    @Override
    public Content decode(Bytes bytes) {
        return Content.of(1);
    }
}
