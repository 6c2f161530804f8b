package io.pantograph.transport.paho;

import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;

/** What was sent and has no answer yet; the stage its owner holds is the very object that Paho calls. */
class Pending extends CompletableFuture<Void> implements IMqttActionListener {

    private final UnderWay underWay;

    Pending(UnderWay underWay) {
        this.underWay = underWay;
    }

    @Override
    public void onSuccess(IMqttToken token) {
        complete(null);
        underWay.sweep();
    }

    @Override
    public void onFailure(IMqttToken token, Throwable cause) {
        completeExceptionally(Reasons.lost(cause));
        underWay.sweep();
    }
}
