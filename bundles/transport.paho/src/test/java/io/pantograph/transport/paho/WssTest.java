package io.pantograph.transport.paho;

import io.pantograph.api.wire.Endpoint.Scheme;

class WssTest extends PahoContract {

    WssTest() {
        super(Scheme.WSS);
    }
}
