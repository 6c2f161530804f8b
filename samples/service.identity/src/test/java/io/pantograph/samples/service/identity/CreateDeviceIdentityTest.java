package io.pantograph.samples.service.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pantograph.api.model.Values;
import io.pantograph.api.service.DeviceRegistry;
import io.pantograph.api.service.ServiceException;
import io.pantograph.api.service.Target;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CreateDeviceIdentityTest {

    private static final Values MADE = Values.of("deviceId", "d", "made", "now");
    private static final Values FOUND = Values.of("deviceId", "d", "made", "before");

    @Test
    void makesTheIdentity() throws Exception {
        assertEquals(MADE, CreateDeviceIdentity.identity(registry(Optional.empty()), Target.of("d")));
    }

    @Test
    void findsItIfItIsThere() throws Exception {
        ServiceException there = new ServiceException(409, "DeviceAlreadyExists", "it is there");
        assertEquals(FOUND, CreateDeviceIdentity.identity(registry(Optional.of(there)), Target.of("d")));
    }

    @Test
    void tellsWhyItCannot() {
        ServiceException refusal = new ServiceException(401, "IotHubUnauthorized", "wrong key");
        assertEquals(refusal, assertThrows(ServiceException.class,
                () -> CreateDeviceIdentity.identity(registry(Optional.of(refusal)), Target.of("d"))));
    }

    private static DeviceRegistry registry(Optional<ServiceException> refusal) {
        return (DeviceRegistry) Proxy.newProxyInstance(DeviceRegistry.class.getClassLoader(), new Class<?>[] {DeviceRegistry.class},
                (registry, method, arguments) -> switch (method.getName()) {
                    case "create" -> refusal.map(CompletableFuture::<Values>failedStage).orElse(CompletableFuture.completedStage(MADE));
                    case "find" -> CompletableFuture.completedStage(FOUND);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
