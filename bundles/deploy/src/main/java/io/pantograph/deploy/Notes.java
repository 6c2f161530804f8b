package io.pantograph.deploy;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a door remembers over a restart: one small JSON file, whole or as it was before. What cannot be read counts as forgotten. */
final class Notes {

    private static final Logger LOG = LoggerFactory.getLogger(Notes.class);

    private final Path file;

    Notes(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.getParent());
    }

    Values read() {
        try {
            return Files.exists(file) ? (Values) JsonReader.readAnswer(Bytes.of(Files.readAllBytes(file))) : Values.EMPTY;
        } catch (IOException | CodecException | ClassCastException e) {
            LOG.warn("{} cannot be read, and is begun anew: {}", file, e.getMessage());
            return Values.EMPTY;
        }
    }

    void write(Values values) throws IOException {
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        // No channel: it would be closed by the interrupt that ends our caller's thread, and what it was told be lost.
        try (FileOutputStream out = new FileOutputStream(whole.toFile())) {
            out.write(JsonWriter.write(values).toArray());
            out.getFD().sync();
        } catch (CodecException e) {
            throw new IOException("cannot be written: " + e.getMessage(), e);
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
