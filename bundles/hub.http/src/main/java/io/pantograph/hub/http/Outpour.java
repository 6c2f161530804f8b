package io.pantograph.hub.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a piece of a file whenever the asker can take some of it, so that a slow one holds neither a thread nor the file in memory. */
final class Outpour implements WriteListener {

    private static final Logger log = LoggerFactory.getLogger(Outpour.class);

    private final AsyncContext exchange;
    private final ServletOutputStream out;
    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
    private long at;
    private long left;

    Outpour(AsyncContext exchange, FileChannel file, Piece piece) throws IOException {
        this.exchange = exchange;
        this.file = file;
        out = exchange.getResponse().getOutputStream();
        at = piece.from();
        left = piece.length();
    }

    void begin() {
        out.setWriteListener(this);
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (left == 0) {
                close();
                exchange.complete();
                return;
            }
            buffer.clear().limit((int) Math.min(buffer.capacity(), left));
            int count = file.read(buffer, at);
            if (count < 0) {
                throw new IOException("the file ends " + left + " bytes before its end");
            }
            at += count;
            left -= count;
            out.write(buffer.array(), 0, count);
        }
    }

    @Override
    public void onError(Throwable gone) {
        log.debug("an asker is gone: {}", gone.toString());
        close();
        try {
            exchange.complete();
        } catch (IllegalStateException already) {
            // the server did it
        }
    }

    /** The exchange is over, however it ended. */
    void close() {
        try {
            file.close();
        } catch (IOException e) {
            log.debug("a file could not be closed", e);
        }
    }
}
