package io.pantograph.dialect.watson;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.wire.Endpoint;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the organisation's messaging host is: {@code host} as it is; else {@code domain} as it is if it is an address or
 * localhost, otherwise with {@code {org}.messaging.} before it; else the stand-in; else IBM's own domain.
 */
final class Address {

    private static final String IBM = "internetofthings.ibmcloud.com";
    private static final int TLS_PORT = 8883;
    private static final int PLAIN_PORT = 1883;

    private Address() {
    }

    static Endpoint of(Form form, String org, Defaults defaults) {
        Optional<String> domain = form.text("domain").map(value -> checked("domain", value));
        Optional<String> named = form.text("host").map(value -> checked("host", value))
                .or(() -> domain.map(value -> isAddress(value) || value.equalsIgnoreCase("localhost") ? value : org + ".messaging." + value));
        boolean standIn = named.isEmpty() && defaults.standIn().isPresent();
        String host = named.or(defaults::standIn).orElse(org + ".messaging." + IBM);

        boolean quickstart = org.equals(Ids.QUICKSTART);
        boolean tls = form.flag("tls", !quickstart);
        if (!tls && !quickstart && !isLoopback(host)) {
            // Quickstart is plain by IBM's own rules: it carries no credentials and its data is open to all.
            throw new IllegalArgumentException("tls 'false' is allowed to this machine only, not to " + host
                    + ": the token would travel in the clear; use tls=true, or domain=localhost");
        }
        OptionalInt usual = standIn ? tls ? defaults.port() : defaults.plainPort() : OptionalInt.empty();
        int port = form.number("port", 1, 65535).orElse(usual.orElse(tls ? TLS_PORT : PLAIN_PORT));
        return new Endpoint(scheme(form.text("transport").orElse("tcp"), tls), host, port, webSocket(form) ? "/mqtt" : "");
    }

    private static boolean webSocket(Form form) {
        return form.text("transport").orElse("tcp").equalsIgnoreCase("websockets");
    }

    private static Endpoint.Scheme scheme(String transport, boolean tls) {
        return switch (transport.toLowerCase(Locale.ROOT)) {
            case "tcp" -> tls ? Endpoint.Scheme.TLS : Endpoint.Scheme.TCP;
            case "websockets" -> tls ? Endpoint.Scheme.WSS : Endpoint.Scheme.WS;
            default -> throw Form.wrong("transport", transport, "must be tcp or websockets");
        };
    }

    private static String checked(String name, String value) {
        String host = value.startsWith("[") && value.endsWith("]") ? value.substring(1, value.length() - 1) : value;
        boolean good = !host.isEmpty() && host.length() <= 253 && host.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9' || c == '.' || c == '-' || c == ':' && isSix(host));
        if (!good) {
            throw Form.wrong(name, value, "must be a host name or an IP address, without scheme and port (the port has a setting of its own)");
        }
        return host;
    }

    private static boolean isAddress(String host) {
        return isFour(host) || isSix(host);
    }

    private static boolean isFour(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }

    /** Has at least two colons, as an IPv6 address has and a host with a port has not. */
    private static boolean isSix(String host) {
        return host.indexOf(':') >= 0 && host.indexOf(':') != host.lastIndexOf(':');
    }

    /** By name only: nothing is looked up here. */
    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost") || name.equals("::1") || isFour(name) && name.startsWith("127.");
    }
}
