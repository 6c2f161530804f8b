package io.pantograph.dialect.watson;

import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import java.util.Optional;

/** Watson's client ids: {@code d:} devices, {@code g:} gateways, {@code a:} applications, {@code A:} shared applications. */
final class ClientId {

    private ClientId() {
    }

    /** @throws IllegalArgumentException for one that begins like Watson's and goes on otherwise */
    static Optional<HubIdentity> read(String clientId) {
        if (clientId.length() < 2 || clientId.charAt(1) != ':' || "dgaA".indexOf(clientId.charAt(0)) < 0) {
            return Optional.empty();
        }
        String[] parts = clientId.split(":", 6);
        HubIdentity who = switch (clientId.charAt(0)) {
            case 'd' -> device(Kind.DEVICE, parts, clientId);
            case 'g' -> device(Kind.GATEWAY, parts, clientId);
            case 'a' -> application(Kind.APPLICATION, 3, parts, clientId);
            default -> application(Kind.SHARED_APPLICATION, 4, parts, clientId);
        };
        boolean guest = who.org().equals(Ids.QUICKSTART);
        if (guest && (who.kind() == Kind.GATEWAY || who.kind() == Kind.SHARED_APPLICATION)) {
            throw malformed(clientId, "Quickstart knows only d: and a:");
        }
        return Optional.of(who);
    }

    /** Empty for members of a shared application, which have one id in common. */
    static Optional<String> write(HubIdentity who) {
        return switch (who.kind()) {
            case DEVICE -> who.device().map(device -> "d:" + who.org() + ':' + device.type() + ':' + device.name());
            case GATEWAY -> who.device().map(device -> "g:" + who.org() + ':' + device.type() + ':' + device.name());
            case APPLICATION -> who.application().map(application -> "a:" + who.org() + ':' + application);
            case SHARED_APPLICATION -> who.instance().map(instance -> "A:" + who.org() + ':' + who.application().orElseThrow() + ':' + instance);
        };
    }

    private static HubIdentity device(Kind kind, String[] parts, String clientId) {
        if (parts.length != 4) {
            throw malformed(clientId, "it must be " + parts[0] + ":{org}:{type}:{id}");
        }
        return new HubIdentity(kind, Ids.checkOrg("org", parts[1]),
                Optional.of(new DeviceId(Ids.check("type", parts[2]), Ids.check("id", parts[3]))), Optional.empty(), Optional.empty());
    }

    private static HubIdentity application(Kind kind, int most, String[] parts, String clientId) {
        if (parts.length < 3 || parts.length > most) {
            throw malformed(clientId, "it must be " + parts[0] + ":{org}:{application}" + (most == 4 ? " or A:{org}:{application}:{instance}" : ""));
        }
        return new HubIdentity(kind, Ids.checkOrg("org", parts[1]), Optional.empty(), Optional.of(Ids.check("application", parts[2])),
                parts.length == 4 ? Optional.of(Ids.check("instance", parts[3])) : Optional.empty());
    }

    private static IllegalArgumentException malformed(String clientId, String rule) {
        return new IllegalArgumentException("client id '" + Names.visible(clientId) + "': " + rule);
    }
}
