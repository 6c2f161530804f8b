package io.pantograph.api.hub;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import org.osgi.annotation.versioning.ProviderType;

/**
 * JSON as the hub reads and writes it, so that one room alone knows a JSON library. From any thread.
 *
 * <p>Plain data, as {@link io.pantograph.api.model.Content} has it. Reads strictly: UTF-8 without U+0000 and lone surrogates, one
 * document, no name twice, finite numbers of at most 64 digits, at most 64 levels, 200,000 tokens and 524,288 bytes.
 */
@ProviderType
public interface Json {

    /** On one line. Bytes are written in base64. @throws IllegalArgumentException for what JSON cannot say */
    Bytes write(Object data);

    /** @throws CodecException saying what was wrong and where */
    Object read(Bytes text) throws CodecException;
}
