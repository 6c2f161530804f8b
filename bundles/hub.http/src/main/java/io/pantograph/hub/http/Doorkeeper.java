package io.pantograph.hub.http;

import io.pantograph.api.hub.Access;
import io.pantograph.api.hub.HubIdentity;
import io.pantograph.api.hub.HubIdentity.Kind;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who calls (HTTP Basic) and whether that one may. */
final class Doorkeeper {

    private static final Logger log = LoggerFactory.getLogger(Doorkeeper.class);
    private static final String TOKEN_USER = "use-token-auth";
    private static final String QUICKSTART = "quickstart";
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What a header says. */
    record Login(String user, Secret secret) {
    }

    private final Access access;
    private long quietUntil = System.nanoTime();
    private long refused;

    Doorkeeper(Access access) {
        this.access = access;
    }

    /** @throws Problem 401 for who is not known, 403 for who is and may not */
    HubIdentity admit(HttpServletRequest request, Route route, Map<String, String> places) {
        if (route.rights() == Route.Rights.SENDER && guest(request)) {
            return new HubIdentity(Kind.DEVICE, QUICKSTART, Optional.of(device(places)), Optional.empty(), Optional.empty());
        }
        Login login = login(request.getHeader("Authorization")).orElseThrow(() -> turnAway(request, "without login"));
        boolean sender = route.rights() == Route.Rights.SENDER;
        boolean byToken = login.user.equals(TOKEN_USER);
        if (byToken && !sender) {
            throw Problem.forbidden("A device's token is good for its own messages only; use the API key.");
        }
        HubIdentity who = (byToken ? access.device(device(places), login.secret) : access.application(login.user, login.secret))
                .orElseThrow(() -> turnAway(request, "as '" + Names.visible(login.user) + '\''));
        boolean application = who.kind() == Kind.APPLICATION;
        if (sender && application) {
            throw Problem.forbidden("An API key sends messages by /application/types/... only.");
        }
        if (!sender && !application && route.rights() != Route.Rights.GATEWAY) {
            throw Problem.forbidden("This needs the API key.");
        }
        return who;
    }

    private static DeviceId device(Map<String, String> places) {
        return new DeviceId(Call.checkedId("typeId", places.get("typeId")), Call.checkedId("deviceId", places.get("deviceId")));
    }

    // Quickstart needs no account: the host's first name says so, as it does for MQTT.
    private static boolean guest(HttpServletRequest request) {
        String host = request.getHeader("Host");
        return host != null && host.toLowerCase(Locale.ROOT).startsWith(QUICKSTART + '.') && request.getHeader("Authorization") == null;
    }

    /** @param header may be null */
    static Optional<Login> login(String header) {
        if (header == null || header.length() > 1024 || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(6).trim());
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            int colon = text.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(new Login(text.substring(0, colon), Secret.of(text.substring(colon + 1))));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    // One line for many: who tries thousands of tokens must not fill the log, too.
    private synchronized Problem turnAway(HttpServletRequest request, String how) {
        refused++;
        if (System.nanoTime() - quietUntil >= 0) {
            log.warn("HTTP: {} call(s) refused, the last from {} {}", refused, request.getRemoteAddr(), how);
            refused = 0;
            quietUntil = System.nanoTime() + QUIET_NANOS;
        }
        return Problem.notLoggedIn();
    }
}
