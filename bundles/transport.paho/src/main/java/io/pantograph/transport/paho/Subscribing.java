package io.pantograph.transport.paho;

import io.pantograph.api.model.DeviceStatus.Reason;
import io.pantograph.api.transport.TransportException;
import org.eclipse.paho.client.mqttv3.IMqttToken;

/** A subscription without an answer yet. */
final class Subscribing extends Pending {

    private static final int REFUSED = 0x80;

    private final String[] filters;

    Subscribing(UnderWay underWay, String[] filters) {
        super(underWay);
        this.filters = filters;
    }

    @Override
    public void onSuccess(IMqttToken token) {
        int[] granted = token.getGrantedQos();
        for (int i = 0; i < granted.length; i++) {
            if (granted[i] == REFUSED) {
                completeExceptionally(new TransportException(Reason.DROPPED_BY_HUB,
                        "the hub does not let this device subscribe to '" + filters[Math.min(i, filters.length - 1)] + "'", null));
                return;
            }
        }
        super.onSuccess(token);
    }
}
