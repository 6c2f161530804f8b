package io.pantograph.transport.paho;

import io.pantograph.api.wire.Endpoint.Scheme;

class WsTest extends PahoContract {

    WsTest() {
        super(Scheme.WS);
    }
}
