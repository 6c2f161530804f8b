package io.pantograph.api.codec;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads and writes one payload format. Annotate the component with {@link CodecFormat}; being installed is being found.
 *
 * <p>Called by many threads at once, for every message: keep no state that one call could leave for another, take no lock, do
 * no I/O. After the bundle's stop no call is under way: the framework waits for those that are before the component is
 * deactivated.
 *
 * <p>Whatever a codec throws harms one message only: on the way out the publisher is told, on the way in the operator is. One that
 * throws anything but a {@link CodecException} again and again, or takes longer than a second, is not called for a while. Mostly it is
 * called on a thread of its own, whose context class loader says nothing; a caller's thread locals are not there.
 */
@ConsumerType
public interface Codec {

    /**
     * Writes the content as bytes.
     *
     * @throws CodecException if this format cannot say that, with what would be right
     */
    Bytes encode(Content content) throws CodecException;

    /**
     * Reads the bytes. They come from outside: any length, any content.
     *
     * @return the content; with its {@link Content#time() time} only if the bytes name one
     * @throws CodecException if they make no sense, with what was expected where, and without the bytes themselves
     */
    Content decode(Bytes bytes) throws CodecException;
}
