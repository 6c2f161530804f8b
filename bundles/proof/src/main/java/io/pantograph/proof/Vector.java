package io.pantograph.proof;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import java.util.Optional;

/**
 * A golden vector: these bytes are this content.
 *
 * @param file in which it stands, without folders
 * @param name by which its author calls it
 * @param content empty: these bytes must be refused
 * @param decodes whether the bytes must be read as the content
 * @param encodes whether the content must be written as the bytes
 */
public record Vector(String file, String name, String format, Bytes bytes, Optional<Content> content, boolean decodes, boolean encodes) {

    /** For sentences. */
    String said() {
        return "vector '" + name + "' in " + file;
    }
}
