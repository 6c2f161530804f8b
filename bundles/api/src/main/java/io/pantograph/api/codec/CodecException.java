package io.pantograph.api.codec;

/** A codec cannot express this content, or cannot make sense of these bytes. The message says what was expected where. */
public class CodecException extends Exception {

    private static final long serialVersionUID = 1;

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
