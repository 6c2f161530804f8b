package io.pantograph.samples.service.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class CallMethodTest {

    @Test
    void saysANumberAsOne() {
        assertEquals(2L, CallMethod.payload(new String[] {"ticker", "SetTelemetryInterval", "2"}));
        assertEquals("soon", CallMethod.payload(new String[] {"ticker", "SetTelemetryInterval", "soon"}));
        assertNull(CallMethod.payload(new String[] {"sensor", "blink"}));
    }
}
