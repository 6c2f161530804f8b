package io.pantograph.api.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.model.DeviceId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnDevicesTest {

    @Test
    void areListedByTypeAndNameOrByNameAlone() throws SettingException {
        assertEquals(List.of(new DeviceId("gateway", "g-1"), new DeviceId("device", "runtime")), List.copyOf(OwnDevices.of(set(" gateway/g-1 ,runtime, "))));
        assertTrue(OwnDevices.of(set(null)).isEmpty(), "nobody may change the code unless told");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/g-1", "gateway/", "a/b/c", "two words", "+", "gateway/#"})
    void whatIsNoDeviceIsNamed(String entry) {
        SettingException why = assertThrows(SettingException.class, () -> OwnDevices.of(set("fine, " + entry)));
        assertTrue(why.getMessage().startsWith("pantograph.gateway.devices=" + entry + " is no device: "), why.getMessage());
    }

    private static Settings set(String devices) {
        return new Settings() {
            @Override
            public Path home() {
                throw new UnsupportedOperationException();
            }

            @Override
            public String bind() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Optional<String> text(String key) {
                return Optional.ofNullable(key.equals("pantograph.gateway.devices") ? devices : null);
            }

            @Override
            public int port(String key, int otherwise) {
                return otherwise;
            }

            @Override
            public long number(String key, long otherwise, long least, long most) {
                return otherwise;
            }

            @Override
            public void fail(SettingException why) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
