package io.pantograph.hub.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpHeadTest {

    private static HttpHead head(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HttpHead.read(bytes, HttpHead.end(bytes, 0)).orElseThrow();
    }

    @Test
    void endsAtTheEmptyLine() {
        byte[] bytes = "GET / HTTP/1.1\r\nA: b\r\n\r\nbody".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(24, HttpHead.end(bytes, 0));
        assertEquals(24, HttpHead.end(bytes, 22), "also when the search goes on in the middle of it");
        assertEquals(-1, HttpHead.end("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1), 0));
    }

    @Test
    void knowsWhoWantsMqtt() {
        assertTrue(head("GET /mqtt HTTP/1.1\r\nupgrade:  WebSocket\r\n\r\n").mqtt());
        assertFalse(head("GET /mqtt HTTP/1.1\r\nX-Upgrade: websocket\r\n\r\n").mqtt());
        assertFalse(head("POST /mqtt HTTP/1.1\r\nUpgrade: websocket\r\n\r\n").mqtt());
        assertFalse(head("GET /api HTTP/1.1\r\nUpgrade: websocket\r\n\r\n").mqtt());
    }

    @Test
    void putsItsOwnWordAboutTheClientInPlaceOfTheClients() {
        String told = new String(head("GET /a HTTP/1.1\r\nHost: h\r\nx-forwarded-for: 6.6.6.6\r\nX-Forwarded-Host: evil\r\n\r\n").from("1.2.3.4", true),
                StandardCharsets.ISO_8859_1);
        assertEquals("GET /a HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n", told);
    }
}
