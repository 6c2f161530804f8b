package io.pantograph.api.azure;

import java.util.Objects;

/** A refusal in the cloud's words. The message is one sentence for whoever asked, never with a secret. */
public final class AzureException extends Exception {

    private static final long serialVersionUID = 1;

    private final AzureError error;

    public AzureException(AzureError error, String message) {
        super(message, null, false, false); // an answer to a client, not a fault of ours: nobody reads its trace
        this.error = Objects.requireNonNull(error);
    }

    public AzureError error() {
        return error;
    }
}
