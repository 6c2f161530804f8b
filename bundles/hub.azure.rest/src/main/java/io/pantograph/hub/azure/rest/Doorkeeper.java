package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.Right;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.hub.Remote;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.Sas;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Knows devices that come by HTTP: by a token over their own name, by one of a policy that may act for any of them, or by a certificate
 * whose thumbprint is known. A certificate that an authority vouches for is taken over MQTT only.
 */
final class Doorkeeper {

    /** What a device proved. @param method as events tell it */
    record Guest(Credential credential, String method) {
    }

    private final ServiceAccess access;
    private final Identities identities;
    private final Clock clock;

    Doorkeeper(ServiceAccess access, Identities identities, Clock clock) {
        this.access = access;
        this.identities = identities;
        this.clock = clock;
    }

    Guest device(Call call) throws AzureException {
        Identity who = call.identity();
        Optional<Credential> credential = identities.credential(who);
        Optional<Sas> token = token(call);
        String method;
        if (token.isPresent() && token.get().policy().isPresent()) {
            access.check(call.header("authorization"), call.header("host"), call.request().path(), Right.DeviceConnect);
            method = method("hub", "sas");
        } else if (token.isPresent()) {
            String path = "/devices/" + who.device() + who.module().map(module -> "/modules/" + module).orElse("");
            boolean covers = token.get().covers(access.host(), path)
                    || call.header("host").filter(host -> covers(token.get(), host, path)).isPresent();
            if (!covers || credential.isEmpty() || !signed(token.get(), credential.get())) {
                throw stranger("the token is not of this device");
            }
            method = method(who.module().isPresent() ? "module" : "device", "sas");
        } else {
            if (credential.isEmpty() || !certified(call, credential.get())) {
                throw stranger("the device has neither a token nor a certificate whose thumbprint is known");
            }
            method = method(who.module().isPresent() ? "module" : "device", "x509Certificate");
        }
        if (credential.isEmpty()) {
            throw new AzureException(AzureError.DeviceNotFound, "'" + who + "' is not registered");
        }
        if (!credential.get().enabled()) {
            throw new AzureException(AzureError.DeviceDisabled, "'" + who + "' is disabled");
        }
        return new Guest(credential.get(), method);
    }

    /** @param known with what a registration may prove itself, one of them suffices */
    Credential registration(Call call, String scope, String id, List<Credential> known) throws AzureException {
        Optional<Sas> token = token(call);
        for (Credential each : known) {
            boolean his = token.isPresent()
                    ? token.get().covers(scope, "/registrations/" + id) && signed(token.get(), each)
                    : certified(call, each);
            if (his) {
                return each;
            }
        }
        throw stranger("this registration is not enrolled, or its token or certificate is not of its enrolment");
    }

    private Optional<Sas> token(Call call) throws AzureException {
        Optional<String> header = call.header("authorization").filter(text -> !text.isBlank());
        if (header.isEmpty()) {
            return Optional.empty();
        }
        Sas token;
        try {
            token = Sas.parse(header.get());
            token.resource(); // which may be badly encoded
        } catch (IllegalArgumentException e) {
            throw stranger("the header Authorization holds no token: " + e.getMessage());
        }
        if (!token.expiry().isAfter(clock.instant())) {
            throw stranger("the token expired at " + token.expiry());
        }
        return Optional.of(token);
    }

    private static boolean covers(Sas token, String host, String path) {
        int port = host.lastIndexOf(':');
        boolean hasPort = port > host.lastIndexOf(']');
        return token.covers(host, path) || hasPort && token.covers(host.substring(0, port), path);
    }

    private static boolean signed(Sas token, Credential credential) {
        boolean any = false;
        if (credential.kind() == Credential.Kind.SAS) {
            for (Secret key : credential.keys()) {
                any |= token.signedBy(key);
            }
        }
        return any;
    }

    private boolean certified(Call call, Credential credential) {
        Optional<X509Certificate> shown = call.request().remote().flatMap(Remote::certificate);
        if (shown.isEmpty() || credential.kind() != Credential.Kind.SELF_SIGNED) {
            return false;
        }
        Instant now = clock.instant();
        if (now.isBefore(shown.get().getNotBefore().toInstant()) || now.isAfter(shown.get().getNotAfter().toInstant())) {
            return false;
        }
        return credential.thumbprints().stream().map(text -> text.toUpperCase(Locale.ROOT))
                .anyMatch(text -> text.equals(thumbprint(shown.get(), "SHA-1")) || text.equals(thumbprint(shown.get(), "SHA-256")));
    }

    /** No secret: a certificate is shown to everybody. */
    private static String thumbprint(X509Certificate certificate, String algorithm) {
        try {
            return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String method(String scope, String type) {
        return "{\"scope\":\"" + scope + "\",\"type\":\"" + type + "\",\"issuer\":\"" + (type.equals("sas") ? "iothub" : "external")
                + "\",\"acceptingIpFilterRule\":null}";
    }

    private static AzureException stranger(String why) {
        return new AzureException(AzureError.IotHubUnauthorized, why);
    }
}
