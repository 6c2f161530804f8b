package io.pantograph.transport.paho;

import io.pantograph.api.wire.Endpoint.Scheme;

class TlsTest extends PahoContract {

    TlsTest() {
        super(Scheme.TLS);
    }
}
