package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Right;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.model.Secret;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Two policies: one that may connect, one that may not. */
final class FakeAccess implements ServiceAccess {

    static final Secret KEY = Secret.of("cG9saWN5LWtleS0wMTIzNDU2Nzg5YWJjZGVm");

    @Override
    public String host() {
        return "hub.example";
    }

    @Override
    public Optional<Policy> policy(String name) {
        return switch (name) {
            case "device" -> Optional.of(new Policy(name, EnumSet.of(Right.DeviceConnect), KEY));
            case "service" -> Optional.of(new Policy(name, Set.of(Right.ServiceConnect), KEY));
            default -> Optional.empty();
        };
    }

    @Override
    public void check(Optional<String> authorization, Optional<String> usedHost, String path, Right right) {
        throw new UnsupportedOperationException();
    }
}
