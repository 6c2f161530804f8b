package io.pantograph.hub.http;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Right;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.HubIdentity;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Who may put artifacts here: the API key, or a token of an IoT Hub policy that may change identities or speak to devices. */
final class Uploaders {

    private static final String TOKEN = "SharedAccessSignature ";

    private final Access access;
    private volatile ServiceAccess policies;

    Uploaders(Access access) {
        this.access = access;
    }

    void come(ServiceAccess those) {
        policies = those;
    }

    void go(ServiceAccess those) {
        if (policies == those) {
            policies = null;
        }
    }

    /** @throws Problem 401 for who is not known, 403 for who is and may not */
    void admit(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        ServiceAccess known = policies;
        if (known != null && header != null && header.startsWith(TOKEN)) {
            admit(known, request, header);
            return;
        }
        HubIdentity who = Doorkeeper.login(header).flatMap(login -> access.application(login.user(), login.secret()))
                .orElseThrow(Problem::notLoggedIn);
        if (who.kind() != HubIdentity.Kind.APPLICATION) {
            throw Problem.forbidden("This needs the API key; a gateway reads artifacts without a login.");
        }
    }

    private static void admit(ServiceAccess policies, HttpServletRequest request, String header) {
        Optional<String> host = Optional.ofNullable(request.getHeader("Host"));
        try {
            policies.check(Optional.of(header), host, request.getRequestURI(), Right.RegistryWrite);
        } catch (AzureException e) {
            if (e.error() != AzureError.IotHubUnauthorizedAccess) {
                throw Problem.notLoggedIn();
            }
            try {
                policies.check(Optional.of(header), host, request.getRequestURI(), Right.ServiceConnect);
            } catch (AzureException neither) {
                throw Problem.forbidden("This needs a policy with the right RegistryWrite or ServiceConnect, such as iothubowner.");
            }
        }
    }
}
