package io.pantograph.api.core;

import java.util.SortedSet;
import org.osgi.annotation.versioning.ProviderType;

/** The codec registry. */
@ProviderType
public interface Codecs {

    /**
     * The way to the codec of this format, whichever it is at the moment of each call. Never null, also when there is none yet:
     * keep it and spare the look-up. The same object for the same format.
     *
     * @throws IllegalArgumentException if the name breaks the rule of {@link io.pantograph.api.model.Names}
     */
    CodecRoute route(String format);

    /** The formats that can be read and written now. */
    SortedSet<String> formats();

    /** Adds 1 with every change of the formats or their codecs; for those who kept something aside until a codec comes. */
    long generation();
}
