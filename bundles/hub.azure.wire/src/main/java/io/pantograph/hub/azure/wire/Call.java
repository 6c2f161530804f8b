package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Values;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A direct method that somebody waits for. */
final class Call {

    final Identity identity;
    final String rid;
    final MethodRequest request;
    final CompletableFuture<Values> outcome = new CompletableFuture<>();
    private boolean sent;
    private Future<?> timer;

    Call(Identity identity, String rid, MethodRequest request) {
        this.identity = identity;
        this.rid = rid;
        this.request = request;
    }

    /** @return true the first time: whoever hears it sends the call */
    synchronized boolean claim() {
        boolean first = !sent && !outcome.isDone();
        sent = true;
        return first;
    }

    synchronized boolean sent() {
        return sent;
    }

    /** Until then it waits to be sent, if it was not meanwhile. */
    synchronized void patience(Future<?> limit) {
        if (sent) {
            limit.cancel(false);
        } else {
            until(limit);
        }
    }

    /** The one limit that counts from now on. */
    synchronized void until(Future<?> next) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = next;
        if (outcome.isDone() && next != null) {
            next.cancel(false);
        }
    }
}
