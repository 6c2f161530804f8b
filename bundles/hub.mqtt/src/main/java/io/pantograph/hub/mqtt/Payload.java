package io.pantograph.hub.mqtt;

import io.pantograph.api.model.Bytes;
import java.nio.ByteBuffer;

/** Bytes as HiveMQ hands them out. */
final class Payload {

    private Payload() {
    }

    static Bytes copy(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return Bytes.wrap(copy);
    }
}
