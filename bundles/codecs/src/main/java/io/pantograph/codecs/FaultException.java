package io.pantograph.codecs;

import io.pantograph.api.codec.CodecException;

/** A {@link CodecFault} as callers get it. */
final class FaultException extends CodecException {

    private static final long serialVersionUID = 1;

    FaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
