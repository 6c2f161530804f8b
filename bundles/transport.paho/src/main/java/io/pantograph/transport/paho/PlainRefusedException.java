package io.pantograph.transport.paho;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Somebody wanted to send a password over the network in the clear. */
final class PlainRefusedException extends IOException {

    private static final long serialVersionUID = 1;

    PlainRefusedException(InetSocketAddress address) {
        super("no unencrypted connection to " + address.getHostString() + ", which is not this machine; use TLS");
    }
}
