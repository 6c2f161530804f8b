package ${package};

import io.pantograph.api.codec.Codec;
import io.pantograph.testkit.CodecContract;

/** The checks that every gateway makes before it lets a codec serve, on the vectors in src/main/resources/OSGI-INF/vectors. */
class PayloadCodecTest extends CodecContract {

    @Override
    protected Codec codec() {
        return new PayloadCodec();
    }
}
