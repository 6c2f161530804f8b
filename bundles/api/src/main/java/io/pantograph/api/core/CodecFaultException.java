package io.pantograph.api.core;

import io.pantograph.api.codec.CodecException;

/**
 * The codec itself did what no codec may, whatever the message was: it did not come back in time, recursed or allocated without end, threw
 * something else than a {@link CodecException}, or returned nothing. The message is one sentence that says which; the cause is what it threw.
 */
public final class CodecFaultException extends CodecException {

    private static final long serialVersionUID = 1;

    public CodecFaultException(String message) {
        super(message);
    }

    public CodecFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
