package io.pantograph.transport.paho;

import io.pantograph.api.transport.TransportException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;

/** What was sent and has no answer yet; the stage its owner holds is the very object that Paho calls. */
class Pending extends CompletableFuture<Void> implements IMqttActionListener {

    private final Set<Pending> underWay;

    Pending(Set<Pending> underWay) {
        this.underWay = underWay;
    }

    void fail(TransportException cause) {
        if (underWay.remove(this)) {
            completeExceptionally(cause);
        }
    }

    @Override
    public void onSuccess(IMqttToken token) {
        if (underWay.remove(this)) {
            complete(null);
        }
    }

    @Override
    public void onFailure(IMqttToken token, Throwable cause) {
        fail(Reasons.lost(cause));
    }

    /** By identity, as the set of those under way needs. */
    @Override
    public final boolean equals(Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(this);
    }
}
