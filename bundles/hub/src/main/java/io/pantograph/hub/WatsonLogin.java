package io.pantograph.hub;

import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import java.util.Optional;

/** Watson's rules of who may log in by MQTT. */
final class WatsonLogin {

    static final String QUICKSTART = "quickstart";
    private static final String TOKEN_USER = "use-token-auth";

    private final Gate gate;
    private final Devices devices;

    WatsonLogin(Gate gate, Devices devices) {
        this.gate = gate;
        this.devices = devices;
    }

    /** @return why not; empty if it may */
    Optional<String> refusal(HubIdentity who, LoginAttempt attempt) {
        if (who.org().equals(QUICKSTART)) {
            return quickstart(who, attempt);
        }
        if (!who.org().equals(gate.org())) {
            return Optional.of("organisation '" + Names.visible(who.org()) + "' is not this hub's, which is '" + gate.org() + "'");
        }
        return switch (who.kind()) {
            case DEVICE, GATEWAY -> device(who, attempt);
            case APPLICATION, SHARED_APPLICATION -> application(attempt);
        };
    }

    // No account, no registration, no secret: so no TLS either, as the cloud had it, and nothing that outlives the connection.
    private static Optional<String> quickstart(HubIdentity who, LoginAttempt attempt) {
        if (who.kind() == Kind.GATEWAY || who.kind() == Kind.SHARED_APPLICATION) {
            return Optional.of("quickstart knows devices and simple applications only");
        }
        return attempt.remote().secure() ? Optional.of("quickstart is served on the plain port only") : Optional.empty();
    }

    private Optional<String> device(HubIdentity who, LoginAttempt attempt) {
        DeviceId device = who.device().orElseThrow();
        if (!attempt.user().equals(Optional.of(TOKEN_USER))) {
            return Optional.of("the user name of a device must be " + TOKEN_USER);
        }
        Optional<DeviceTable.Credential> found = devices.credential(device);
        if (found.isEmpty()) {
            return Optional.of("device " + device + " is not registered");
        }
        if (found.get().gateway() != (who.kind() == Kind.GATEWAY)) {
            return Optional.of(found.get().gateway()
                    ? "device " + device + " is a gateway; its client id must begin with g:"
                    : "device " + device + " is no gateway; its client id must begin with d:");
        }
        Secret token = attempt.password().orElse(Secret.of(""));
        return gate.matches(found.get(), token) ? Optional.empty() : Optional.of("the token of device " + device + " is wrong");
    }

    private Optional<String> application(LoginAttempt attempt) {
        return gate.key(attempt.user().orElse(""), attempt.password().orElse(Secret.of("")))
                ? Optional.empty()
                : Optional.of("the API key or its token is wrong");
    }
}
