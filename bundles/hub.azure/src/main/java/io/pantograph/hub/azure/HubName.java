package io.pantograph.hub.azure;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import java.util.regex.Pattern;

/**
 * How Azure's clients call this hub.
 *
 * @param host in SAS audiences and connection strings, setting {@code pantograph.hub.azure.host}
 * @param scope of device provisioning, setting {@code pantograph.hub.azure.scope}
 */
record HubName(String host, String scope) {

    static final String HOST = "pantograph.hub.azure.host";
    static final String SCOPE = "pantograph.hub.azure.scope";

    private static final Pattern GOOD_HOST = Pattern.compile("[0-9A-Fa-f:.]+|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern GOOD_SCOPE = Pattern.compile("0ne[A-Za-z0-9]{8}");

    static HubName of(Settings settings) throws SettingException {
        String host = settings.text(HOST).orElse("127.0.0.1");
        if (!GOOD_HOST.matcher(host).matches()) {
            throw new SettingException(HOST, host, "is neither a DNS name nor an address", "write it as hub.example.org or 192.0.2.7");
        }
        String scope = settings.text(SCOPE).orElse("0ne00EDGE01");
        if (!GOOD_SCOPE.matcher(scope).matches()) {
            throw new SettingException(SCOPE, scope, "is not an id scope", "use 0ne and eight of A-Z a-z 0-9, such as 0ne00EDGE01");
        }
        return new HubName(host, scope);
    }
}
