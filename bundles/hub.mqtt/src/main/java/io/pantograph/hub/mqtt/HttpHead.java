package io.pantograph.hub.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The head of an HTTP request, read only as far as the door must know it: is it the way into MQTT over WebSocket, or for the HTTP server?
 *
 * @param lines the header lines, without the request line
 * @param length of the head in bytes, with the empty line at its end
 */
record HttpHead(String method, String target, String version, List<String> lines, int length) {

    /** Paths on which clients in the field ask for MQTT: Paho on the first, mqtt.js on the second, Azure's own on the last. */
    private static final Set<String> MQTT_PATHS = Set.of("/mqtt", "/", "/$iothub/websocket");

    /** @return where the head ends, -1 if it is not all there */
    static int end(byte[] bytes, int from) {
        for (int i = Math.max(from, 3); i < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    /** @return empty if it is not one */
    static Optional<HttpHead> read(byte[] bytes, int length) {
        String[] lines = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r\n");
        String[] request = lines[0].split(" ");
        if (request.length != 3 || !request[2].startsWith("HTTP/1.") || request[1].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HttpHead(request[0], request[1], request[2], List.of(lines).subList(1, lines.length), length));
    }

    /** Whether it asks for MQTT over WebSocket. */
    boolean mqtt() {
        return method.equals("GET") && MQTT_PATHS.contains(target.split("\\?", 2)[0].replace("%24", "$")) && header("upgrade").equals("websocket");
    }

    private String header(String name) {
        return lines.stream().filter(line -> named(line, name)).map(line -> line.substring(line.indexOf(':') + 1).trim().toLowerCase(Locale.ROOT))
                .findFirst().orElse("");
    }

    private static boolean named(String line, String name) {
        return line.length() > name.length() && line.charAt(name.length()) == ':' && line.regionMatches(true, 0, name, 0, name.length());
    }

    /** The same, asking for this path. */
    byte[] at(String path) {
        return text(path, lines);
    }

    /**
     * The same, telling from whom it comes. Requests that follow on the same connection tell nothing or what the client likes, so this is for
     * the HTTP server's log and no more.
     */
    byte[] from(String address, boolean secure) {
        List<String> told = new ArrayList<>(lines);
        told.removeIf(line -> line.regionMatches(true, 0, "X-Forwarded-", 0, 12));
        told.add("X-Forwarded-For: " + address);
        told.add("X-Forwarded-Proto: " + (secure ? "https" : "http"));
        return text(target, told);
    }

    private byte[] text(String path, List<String> headers) {
        StringBuilder head = new StringBuilder(length + 128).append(method).append(' ').append(path).append(' ').append(version).append("\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
