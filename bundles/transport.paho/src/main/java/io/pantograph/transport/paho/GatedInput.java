package io.pantograph.transport.paho;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads only when the {@link Wire}'s gate is open. */
class GatedInput extends FilterInputStream {

    private final Wire wire;

    GatedInput(Wire wire, InputStream in) {
        super(in);
        this.wire = wire;
    }

    @Override
    public int read() throws IOException {
        wire.passGate();
        return in.read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        wire.passGate();
        return in.read(bytes, from, length);
    }

    @Override
    public int available() throws IOException {
        wire.passGate();
        return in.available();
    }
}
