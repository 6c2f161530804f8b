package io.pantograph.hub;

import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who may come in: the operator's API key, and the tokens of the registered devices. */
final class Gate implements Access {

    // With hyphens a type that has one itself would be ambiguous: it ends at the first.
    private static final Pattern GATEWAY_USER = Pattern.compile("g(?:/([^/]+)/([^/]+)/([^/]+)|-([^-/]+)-([^-/]+)-([^/]+))");

    private final Credentials credentials;
    private final Devices devices;

    Gate(Credentials credentials, Devices devices) {
        this.credentials = credentials;
        this.devices = devices;
    }

    @Override
    public String org() {
        return credentials.org();
    }

    @Override
    public Optional<HubIdentity> application(String user, Secret secret) {
        Matcher gateway = GATEWAY_USER.matcher(user);
        if (gateway.matches()) {
            int first = gateway.group(1) != null ? 1 : 4;
            return device(gateway.group(first), gateway.group(first + 1), gateway.group(first + 2), secret)
                    .filter(who -> who.kind() == Kind.GATEWAY);
        }
        return key(user, secret)
                ? Optional.of(new HubIdentity(Kind.APPLICATION, org(), Optional.empty(), Optional.of(user), Optional.empty()))
                : Optional.empty();
    }

    private Optional<HubIdentity> device(String org, String type, String name, Secret token) {
        try {
            return org.equals(org()) ? device(new DeviceId(type, name), token) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<HubIdentity> device(DeviceId device, Secret token) {
        return devices.credential(device)
                .filter(credential -> matches(credential, token))
                .map(credential -> new HubIdentity(credential.gateway() ? Kind.GATEWAY : Kind.DEVICE, org(),
                        Optional.of(device), Optional.empty(), Optional.empty()));
    }

    /** Whether this is the API key and its token. */
    boolean key(String key, Secret token) {
        // Both are compared whatever the first says, so that the time tells nothing.
        return same(key, credentials.key()) & token.equals(credentials.token());
    }

    boolean matches(DeviceTable.Credential credential, Secret token) {
        return !token.isEmpty() && devices.tokens().matches(credential.token(), token);
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
