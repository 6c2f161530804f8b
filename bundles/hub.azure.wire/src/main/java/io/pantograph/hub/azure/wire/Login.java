package io.pantograph.hub.azure.wire;

import io.pantograph.api.azure.Credential;
import io.pantograph.api.azure.Enrollments;
import io.pantograph.api.azure.Identities;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.hub.LoginAttempt;
import io.pantograph.api.hub.LoginVerdict.Code;
import io.pantograph.api.model.Names;

/** Who may come in. */
final class Login {

    private final Identities identities;
    private final Enrollments enrollments;
    private final Proofs proofs;

    Login(Identities identities, Enrollments enrollments, Proofs proofs) {
        this.identities = identities;
        this.enrollments = enrollments;
        this.proofs = proofs;
    }

    /** A device or module. One that is disabled is told so (code 3, as the C client reads it), but only after it proved who it is. */
    Proof device(UserName name, LoginAttempt attempt) throws Refusal {
        if (!name.clientId().equals(attempt.clientId())) {
            throw new Refusal("its user name says '" + Names.visible(name.clientId()) + "', not its client id");
        }
        Identity who = identity(attempt.clientId());
        Credential credential = identities.credential(who).orElseThrow(() -> new Refusal("it is not registered"));
        Proof proof = proofs.device(credential, name, attempt);
        if (!credential.enabled()) {
            throw new Refusal(Code.UNAVAILABLE, "it is disabled");
        }
        return proof;
    }

    private static Identity identity(String clientId) throws Refusal {
        int slash = clientId.indexOf('/');
        try {
            return slash < 0 ? Identity.of(clientId) : Identity.of(clientId.substring(0, slash), clientId.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw new Refusal(e.getMessage());
        }
    }

    /** Who wants to be provisioned; if its enrolment is disabled, it is told so when it registers. */
    Proof registration(RegistrationName name, LoginAttempt attempt) throws Refusal {
        if (!name.id().equals(attempt.clientId())) {
            throw new Refusal("its user name says '" + Names.visible(name.id()) + "', not its client id");
        }
        if (!name.scope().equals(enrollments.scope())) {
            throw new Refusal("the id scope here is " + enrollments.scope() + ", not '" + Names.visible(name.scope()) + "'");
        }
        return proofs.registration(enrollments.credentials(name.id()), name, attempt);
    }
}
