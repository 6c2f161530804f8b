package io.pantograph.api.core;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Provenance;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Calls the codec of one format under a lease: a codec that is being stopped or updated finishes the calls it has before it
 * goes. While it is being replaced, callers wait for the new one, at most the configured time since the old one left (2 s
 * unless told); then, and for a format that never had one, they fail at once.
 *
 * <p>Whatever the codec throws, errors of a half-gone bundle included, comes as a {@link CodecException} or, if the codec was
 * exchanged meanwhile, is tried again with the new one. Safe for many threads; no lock and no registry call on the way.
 */
@ProviderType
public interface CodecRoute {

    String format();

    /** Whether there is a codec now. */
    boolean ready();

    /** @throws NoCodecException if there is none; @throws CodecException if it failed */
    Bytes encode(Content content) throws CodecException;

    /** @throws NoCodecException if there is none; @throws CodecException if it failed */
    Content decode(Bytes bytes) throws CodecException;

    /**
     * As {@link #encode(Content)}, for a message of this device, which a canary may treat on its own; and tells which codec did it.
     *
     * @param device null if it is of none
     */
    default Coded<Bytes> encode(DeviceId device, Content content) throws CodecException {
        return new Coded<>(encode(content), Provenance.NONE);
    }

    /** Likewise for {@link #decode(Bytes)}. */
    default Coded<Content> decode(DeviceId device, Bytes bytes) throws CodecException {
        return new Coded<>(decode(bytes), Provenance.NONE);
    }
}
