package io.pantograph.hub.azure.wire;

import io.pantograph.api.hub.LoginVerdict.Code;

/** A login that is not let in. The message is one sentence for the hub's log. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final Code code;

    /** A wrong, missing or expired proof, or nobody the hub knows: the client is told no difference. */
    Refusal(String reason) {
        this(Code.NOT_AUTHORIZED, reason);
    }

    Refusal(Code code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    Code code() {
        return code;
    }
}
