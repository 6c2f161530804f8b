package io.pantograph.hub.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendTest {

    // It ends no TLS, so tokens would cross the wire in the clear.
    @Test
    void usesNoServerThatOthersCanReach() {
        assertEquals(Optional.of(4711), Backend.port(new String[] {"http://127.0.0.1:4711/"}));
        assertEquals(Optional.of(4711), Backend.port("http://[::1]:4711/"));
        assertEquals(Optional.empty(), Backend.port(new String[] {"http://0.0.0.0:4711/", "http://192.0.2.7:4711/"}));
        assertEquals(Optional.empty(), Backend.port(new String[] {"/"}));
        assertEquals(Optional.empty(), Backend.port(null));
    }
}
