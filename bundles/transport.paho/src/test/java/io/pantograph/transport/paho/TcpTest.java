package io.pantograph.transport.paho;

import io.pantograph.api.wire.Endpoint.Scheme;

class TcpTest extends PahoContract {

    TcpTest() {
        super(Scheme.TCP);
    }
}
