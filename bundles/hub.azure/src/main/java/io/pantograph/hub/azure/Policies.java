package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Right;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.Sas;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The hub's shared access policies, and who proves one. */
final class Policies implements ServiceAccess {

    private final String host;
    private final Clock clock;
    private final Map<String, Policy> policies = new HashMap<>();

    Policies(String host, Map<String, Secret> keys, Clock clock) {
        this.host = host;
        this.clock = clock;
        keys.forEach((name, key) -> policies.put(name, new Policy(name, rights(name), key)));
    }

    private static Set<Right> rights(String policy) {
        return switch (policy) {
            case "iothubowner" -> EnumSet.allOf(Right.class);
            case "service" -> EnumSet.of(Right.ServiceConnect);
            case "device" -> EnumSet.of(Right.DeviceConnect);
            case "registryRead" -> EnumSet.of(Right.RegistryRead);
            case "registryReadWrite" -> EnumSet.of(Right.RegistryRead, Right.RegistryWrite);
            default -> throw new IllegalArgumentException(policy);
        };
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public Optional<Policy> policy(String name) {
        return Optional.ofNullable(policies.get(name));
    }

    @Override
    public void check(Optional<String> authorization, Optional<String> usedHost, String path, Right right) throws AzureException {
        Sas token = token(authorization);
        Policy policy = token.policy().flatMap(this::policy).orElseThrow(() -> unauthorized("the token names no policy of this hub (skn="
                + Names.visible(token.policy().orElse("")) + ')'));
        if (!token.signedBy(policy.primary())) {
            throw unauthorized("the token is not signed with the key of policy " + policy.name());
        }
        if (!clock.instant().isBefore(token.expiry())) {
            throw unauthorized("the token expired at " + token.expiry() + "; the hub's clock shows " + clock.instant());
        }
        if (!covers(token, usedHost, path)) {
            throw unauthorized("the token is for " + Names.visible(token.resource()) + ", not for " + host + Names.visible(path));
        }
        if (!policy.rights().contains(right)) {
            throw new AzureException(AzureError.IotHubUnauthorizedAccess, "policy " + policy.name() + " has no right " + right);
        }
    }

    private static Sas token(Optional<String> authorization) throws AzureException {
        try {
            Sas token = Sas.parse(authorization.orElseThrow(() -> unauthorized("the request has no header Authorization")));
            token.resource(); // refuses what is not percent-encoded well
            return token;
        } catch (IllegalArgumentException e) {
            throw unauthorized("the header Authorization holds no shared access signature: " + e.getMessage());
        }
    }

    private boolean covers(Sas token, Optional<String> usedHost, String path) {
        if (token.covers(host, path)) {
            return true;
        }
        if (usedHost.isEmpty()) {
            return false;
        }
        String used = usedHost.get();
        int colon = used.lastIndexOf(':');
        boolean port = colon > 0 && used.indexOf(']', colon) < 0;
        return token.covers(used, path) || port && (token.covers(used.substring(0, colon), path) || token.covers(host + used.substring(colon), path));
    }

    private static AzureException unauthorized(String why) {
        return new AzureException(AzureError.IotHubUnauthorized, why);
    }
}
