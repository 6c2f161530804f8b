package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.azure.Right;
import io.pantograph.api.azure.ServiceAccess;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import io.pantograph.azure.Sas;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Checks with what a client proves itself: a token over its own name, or a certificate.
 *
 * <p>The host in a token must be the one in the user name, or a name this hub has anyway: the one of its setting, or of the loopback
 * address. The name in TLS is not known here.
 */
final class Proofs {

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1", "[::1]");

    private final ServiceAccess access;
    private final Enrollments enrollments;
    private final Clock clock;

    Proofs(ServiceAccess access, Enrollments enrollments, Clock clock) {
        this.access = access;
        this.enrollments = enrollments;
        this.clock = clock;
    }

    Proof device(Credential credential, UserName name, LoginAttempt attempt) throws Refusal {
        Identity who = credential.identity();
        String scope = who.module().isPresent() ? "module" : "device";
        Optional<Sas> token = token(attempt);
        if (token.isEmpty()) {
            return new Proof(credential, scope, certificate(credential, attempt, attempt.clientId(), enrollments.authorities(Optional.empty())), Optional.empty());
        }
        Sas sas = token.get();
        String path = "/devices/" + who.device() + who.module().map(module -> "/modules/" + module).orElse("");
        if (!covers(sas, name.host(), path)) {
            throw new Refusal("its token is not for " + Names.visible(name.host()) + path);
        }
        if (sas.policy().isPresent()) {
            policy(sas);
            scope = "hub";
        } else if (credential.kind() != Credential.Kind.SAS || !signed(sas, credential.keys())) {
            throw new Refusal("its token was not signed with one of its keys");
        }
        return new Proof(credential, scope, "sas", Optional.of(sas.expiry()));
    }

    /** @param known with what this registration may prove itself, one of them suffices */
    Proof registration(List<Credential> known, RegistrationName name, LoginAttempt attempt) throws Refusal {
        Optional<Sas> token = token(attempt);
        if (token.isPresent()) {
            Sas sas = token.get();
            if (!sas.covers(name.scope(), "/registrations/" + name.id())) {
                throw new Refusal("its token is not for " + name.scope() + "/registrations/" + Names.visible(name.id()));
            }
            if (!sas.policy().orElse("registration").equals("registration")) {
                throw new Refusal("its token is of policy '" + Names.visible(sas.policy().get()) + "', not registration");
            }
            for (Credential each : known) {
                if (each.kind() == Credential.Kind.SAS && signed(sas, each.keys())) {
                    return new Proof(each, "registration", "sas", Optional.of(sas.expiry()));
                }
            }
            throw new Refusal("its token was not signed with a key of an enrolment");
        }
        Refusal last = new Refusal("it is not enrolled");
        for (Credential each : known) {
            try {
                return new Proof(each, "registration", certificate(each, attempt, name.id(), enrollments.authorities(Optional.of(each))), Optional.empty());
            } catch (Refusal e) {
                last = e;
            }
        }
        throw last;
    }

    private Optional<Sas> token(LoginAttempt attempt) throws Refusal {
        Optional<Secret> password = attempt.password().filter(given -> !given.isEmpty());
        if (password.isEmpty()) {
            return Optional.empty();
        }
        Sas sas;
        try {
            sas = Sas.parse(password.get().reveal());
            sas.resource();
        } catch (IllegalArgumentException e) {
            throw new Refusal("its password is no token: " + e.getMessage());
        }
        if (!sas.expiry().isAfter(clock.instant())) {
            throw new Refusal("its token expired at " + sas.expiry());
        }
        return Optional.of(sas);
    }

    private boolean covers(Sas sas, String host, String path) {
        return sas.covers(host, path) || sas.covers(access.host(), path) || LOOPBACK.stream().anyMatch(name -> sas.covers(name, path));
    }

    private static boolean signed(Sas sas, List<Secret> keys) {
        boolean any = false;
        for (Secret key : keys) {
            any |= sas.signedBy(key);
        }
        return any;
    }

    private void policy(Sas sas) throws Refusal {
        String name = sas.policy().orElseThrow();
        ServiceAccess.Policy policy = access.policy(name)
                .orElseThrow(() -> new Refusal("its token is of policy '" + Names.visible(name) + "', which does not exist"));
        if (!sas.signedBy(policy.primary())) {
            throw new Refusal("its token was not signed with the key of policy '" + name + "'");
        }
        if (!policy.rights().contains(Right.DeviceConnect)) {
            throw new Refusal("policy '" + name + "' lacks the right DeviceConnect");
        }
    }

    /** @param authorities who may vouch for it. @return what kind it is */
    private String certificate(Credential credential, LoginAttempt attempt, String commonName, List<X509Certificate> authorities) throws Refusal {
        X509Certificate shown = attempt.remote().certificate().orElseThrow(() -> new Refusal("it has neither a token nor a certificate"));
        if (!Certificates.inForce(shown, clock.instant())) {
            throw new Refusal("its certificate is in force from " + shown.getNotBefore().toInstant() + " to " + shown.getNotAfter().toInstant());
        }
        switch (credential.kind()) {
            case SELF_SIGNED -> {
                if (Certificates.has(shown, credential.thumbprints())) {
                    return "x509Certificate";
                }
                throw new Refusal("its certificate has another thumbprint");
            }
            case CERTIFICATE_AUTHORITY -> {
                if (Certificates.vouched(attempt.remote().chain(), commonName, authorities, clock.instant())) {
                    return "x509CertificateAuthority";
                }
                throw new Refusal("its certificate is not of CN=" + Names.visible(commonName) + " or no authority of an enrolment group vouches for it");
            }
            default -> throw new Refusal("it must prove itself with a token");
        }
    }
}
