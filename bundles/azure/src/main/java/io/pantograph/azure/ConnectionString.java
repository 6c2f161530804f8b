package io.pantograph.azure;

import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A connection string, of a device, a module, or a service: {@code HostName=...;DeviceId=...;SharedAccessKey=...}. Names in any
 * capitalisation; ids may be percent-encoded. Prints without secrets.
 */
public record ConnectionString(String hostName, Optional<String> deviceId, Optional<String> moduleId, Optional<String> gatewayHostName,
        Optional<String> policy, Optional<Secret> key, Optional<Secret> signature, boolean x509) {

    private static final List<String> KNOWN = List.of("HostName", "DeviceId", "ModuleId", "GatewayHostName", "SharedAccessKeyName",
            "SharedAccessKey", "SharedAccessSignature", "x509");

    /** @throws IllegalArgumentException naming the part that is missing, unknown or wrong, never with a secret */
    public static ConnectionString parse(String text) {
        Map<String, String> parts = parts(text);
        String host = parts.get("hostname");
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException("HostName is missing in the connection string");
        }
        if (!host.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != '&' && c != '=')) {
            throw new IllegalArgumentException("HostName '" + Names.visible(host) + "' must be a host's name, without a scheme and a path");
        }
        Optional<Secret> key = part(parts, "sharedaccesskey").map(Secret::of);
        if (key.isPresent() && !Sas.isKey(key.get().reveal())) {
            throw new IllegalArgumentException("SharedAccessKey must be 16 to 64 bytes in base64; copy it again, whole");
        }
        return new ConnectionString(host, part(parts, "deviceid").map(Percent::decode), part(parts, "moduleid").map(Percent::decode),
                part(parts, "gatewayhostname"), part(parts, "sharedaccesskeyname"), key, part(parts, "sharedaccesssignature").map(Secret::of),
                "true".equalsIgnoreCase(parts.get("x509")));
    }

    private static Optional<String> part(Map<String, String> parts, String name) {
        return Optional.ofNullable(parts.get(name)).filter(value -> !value.isEmpty());
    }

    private static Map<String, String> parts(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : text.strip().split(";")) {
            int equals = part.indexOf('=');
            if (equals <= 0) {
                if (part.isBlank()) {
                    continue;
                }
                throw new IllegalArgumentException("a connection string is Name=value;Name=value, with the names " + String.join(", ", KNOWN));
            }
            String name = part.substring(0, equals).strip();
            if (KNOWN.stream().noneMatch(known -> known.equalsIgnoreCase(name))) {
                throw new IllegalArgumentException("'" + Names.visible(name) + "' in the connection string is unknown; there are " + String.join(", ", KNOWN));
            }
            if (parts.putIfAbsent(name.toLowerCase(Locale.ROOT), part.substring(equals + 1).strip()) != null) {
                throw new IllegalArgumentException(name + " stands twice in the connection string");
            }
        }
        return parts;
    }
}
