package io.pantograph.hub.http;

import io.pantograph.api.hub.Remote;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who is behind the connections that the front door makes, by the port at its end: nobody else on this machine can have that port meanwhile. */
final class Callers {

    private static final String DOOR = InetAddress.getLoopbackAddress().getHostAddress();

    private final Map<Integer, Remote> byPort = new ConcurrentHashMap<>();

    /** @return to be run when the connection has ended */
    Runnable came(int port, Remote remote) {
        byPort.put(port, remote);
        return () -> byPort.remove(port, remote);
    }

    /** @return empty for one that did not come in by the front door */
    Optional<Remote> of(HttpServletRequest request) {
        return DOOR.equals(request.getRemoteAddr()) ? Optional.ofNullable(byPort.get(request.getRemotePort())) : Optional.empty();
    }
}
