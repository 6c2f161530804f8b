package io.pantograph.hub.azure.rest;

import io.pantograph.api.hub.HttpAnswer;
import io.pantograph.api.model.Bytes;

/** An asker that reads when told: at once, or nothing at all. As strict with who is slow as the real one. */
final class FakeSink implements HttpAnswer.Sink {

    private final StringBuffer heard = new StringBuffer();
    boolean reads = true;
    volatile boolean ended;
    boolean cut;
    long waiting;
    private Runnable then = () -> {
    };

    @Override
    public synchronized boolean send(Bytes chunk) {
        if (ended) {
            return false;
        }
        if (!reads) {
            waiting += chunk.length();
            if (waiting > 1 << 20) {
                cut = true;
                gone();
                return false;
            }
        }
        heard.append(chunk.text());
        return true;
    }

    /** What came since the last time, single quotes for double ones. */
    synchronized String heard() {
        String all = heard.toString().replace('"', '\'');
        heard.setLength(0);
        return all;
    }

    void gone() {
        ended = true;
        then.run();
    }

    @Override
    public long waiting() {
        return waiting;
    }

    @Override
    public void whenEnded(Runnable done) {
        then = done;
        if (ended) {
            done.run();
        }
    }

    @Override
    public void end() {
        ended = true;
        then.run();
    }
}
