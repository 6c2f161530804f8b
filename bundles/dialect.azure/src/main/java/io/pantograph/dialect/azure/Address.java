package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.wire.Endpoint;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Where to connect. The port is that of the setting {@code port}; else the one written after the host; else, if the host is this
 * machine or the one that stands in for the clouds, that one's; else the usual.
 */
record Address(String host, OptionalInt port) {

    private static final String WEB_SOCKET_PATH = "/$iothub/websocket";
    private static final int TLS_PORT = 8883;
    private static final int WEB_SOCKET_PORT = 443;

    /** A host's name or address, with or without a port: {@code host}, {@code host:port}, {@code [::1]:port}. */
    static Address parse(String setting, String value) {
        int colon = value.lastIndexOf(':');
        boolean ported = colon > 0 && (value.charAt(colon - 1) == ']' || value.indexOf(':') == colon);
        if (!ported) {
            return new Address(host(setting, value), OptionalInt.empty());
        }
        try {
            int port = Integer.parseInt(value.substring(colon + 1));
            if (port >= 1 && port <= 65535) {
                return new Address(host(setting, value.substring(0, colon)), OptionalInt.of(port));
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Form.wrong(setting, value, "must have a port of 1 to 65535 after the colon");
    }

    /** A host's name or address alone. */
    static String host(String setting, String value) {
        String host = value.startsWith("[") && value.endsWith("]") ? value.substring(1, value.length() - 1) : value;
        boolean six = host.indexOf(':') != host.lastIndexOf(':');
        boolean good = !host.isEmpty() && host.length() <= 253
                && host.chars().allMatch(c -> Subject.letterOrDigit(c) || c == '.' || c == '-' || c == ':' && six);
        if (!good) {
            throw Form.wrong(setting, value, "must be a host's name or address, without a scheme" + (host.indexOf(':') > 0
                    ? " and a port (the port has a setting of its own)" : ""));
        }
        return host;
    }

    Endpoint endpoint(Form form, Defaults defaults) {
        String transport = form.text("transport").orElse("mqtt");
        boolean webSocket = transport.equals("websocket");
        if (!webSocket && !transport.equals("mqtt")) {
            throw Form.wrong("transport", transport, "must be mqtt or websocket");
        }
        boolean standIn = defaults.standIn().isPresent() && (defaults.standIn().get().equalsIgnoreCase(host) || isLoopback(host));
        OptionalInt known = form.number("port", 1, 65535);
        known = known.isPresent() ? known : port;
        known = known.isPresent() || !standIn ? known : defaults.port();
        return new Endpoint(webSocket ? Endpoint.Scheme.WSS : Endpoint.Scheme.TLS, host, known.orElse(webSocket ? WEB_SOCKET_PORT : TLS_PORT),
                webSocket ? WEB_SOCKET_PATH : "");
    }

    /** By name only: nothing is looked up here. */
    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost") || name.equals("::1")
                || name.startsWith("127.") && name.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
    }
}
